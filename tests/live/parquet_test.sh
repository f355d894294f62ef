#!/usr/bin/env bash
# The README's line that turns parquet into CSV, run as it stands there, on real rows in the form that the source's files
# have since 2026. Needs no brokers, but DuckDB, which comes from PyPI into the cache folder.
set -euo pipefail
: "${NARU_TEST_BROKERS:=none}" "${NARU_TEST_ES:=none}" "${NARU_LAB_STATE:=none}"
export NARU_TEST_BROKERS NARU_TEST_ES NARU_LAB_STATE
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
DATA=${NARU_SHARED:-$ROOT/../shared}/data/marcap-2025.csv.gz
DUCKDB_VERSION=1.5.6
TOOLS=${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}/duckdb-$DUCKDB_VERSION

if [[ ! -f $DATA ]]; then
    echo "skipped: 2 checks, no $DATA"
    exit 77
fi
if [[ ! -x $TOOLS/bin/duckdb ]]; then
    python3 -m venv "$TOOLS"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check "duckdb-cli==$DUCKDB_VERSION"
fi
PATH=$TOOLS/bin:$PATH

line=$(grep -F 'duckdb -c' "$ROOT/README.md" | sed 's/^ *//')
cd "$WORK"
duckdb -c "copy (select * exclude (ChagesRatio), null::double as ChagesRatio, ChagesRatio as ChangesRatio
    from read_csv('$DATA', types = {'Code': 'VARCHAR', 'Date': 'VARCHAR'})) to 'marcap-2026.parquet'" >duckdb.out

# The line as it stands, but without brokers.
naru() { "$NARU_BIN" "$@" --dry-run --quiet; }
export NARU_BIN
export -f naru
check "the README's line runs" bash -c "${line/--topic Stock_Data/} >parquet.json"
"$NARU_BIN" replay "$DATA" --dry-run --quiet >csv.json
check "and its rows are the CSV's" cmp <(jq -S -c . csv.json | sort) <(jq -S -c . parquet.json | sort)
finish
