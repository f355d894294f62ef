# shellcheck shell=bash
# The Python of the panels' tests, with Polars to compute and DuckDB to run SQL, from PyPI in the cache folder.
PANELS=$(cd "$(dirname "${BASH_SOURCE[0]}")/panels" && pwd)
PANELS_POLARS=1.31.0 PANELS_DUCKDB=1.5.6
PANELS_TOOLS=${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}/panels-polars-$PANELS_POLARS-duckdb-$PANELS_DUCKDB

# Prints what is missing when it cannot be had.
panels_tools() {
    [[ ! -f $PANELS_TOOLS/ready ]] || return 0
    python3 -m venv "$PANELS_TOOLS" &&
        "$PANELS_TOOLS/bin/pip" install --quiet --disable-pip-version-check \
            "polars==$PANELS_POLARS" "duckdb==$PANELS_DUCKDB" && touch "$PANELS_TOOLS/ready"
}

# panels_check URL OPTIONS...: every panel and query on that engine, compared with the CSV.
panels_check() {
    "$PANELS_TOOLS/bin/python" -B "$PANELS/main.py" --naru "$NARU_BIN" --url "$1" --data "$PANELS_DATA" "${@:2}"
}
