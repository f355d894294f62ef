#!/usr/bin/env bash
# The dashboards' panels and the ready queries on the other engines, each in a lab of its own, one after another.
set -uo pipefail
: "${NARU_BIN:?}"
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/live/panels_tools.sh
. "$HERE/panels_tools.sh"
PANELS_DATA=${NARU_SHARED:-$HERE/../../../shared}/data
LAB=$HERE/../../compose/lab
KAFKA_PORT=${NARU_PANELS_KAFKA_PORT:-30092}
ES_PORT=${NARU_PANELS_ES_PORT:-30200}
CHECKS=64
SCRATCH=$(mktemp -d)
PASSED=0 FAILED=0 SKIPPED=0

lab_down() { "$LAB" down --wipe --state "$SCRATCH/lab" >/dev/null 2>&1; }
trap 'lab_down; rm -rf "$SCRATCH"' EXIT

# The engine before may have ended and still hold its port for a moment.
lab_up() { # ENGINE
    local try
    for try in {1..10}; do
        "$LAB" up --engine "$1" --brokers 1 --state "$SCRATCH/lab" --kafka-port "$KAFKA_PORT" --es-port "$ES_PORT" \
            --es-heap 600m --kafka-heap 256m --timeout 300 >"$SCRATCH/up" 2>&1 && return
        grep -q 'is taken' "$SCRATCH/up" || return
        echo "waiting for a port, $try: $(grep 'is taken' "$SCRATCH/up")"
        sleep 3
    done
    return 1
}

count() { # the last line of the engine's checks
    local passed failed skipped
    read -r passed _ failed _ skipped _ < <(tail -n 1 "$SCRATCH/checks" | grep -E '^[0-9]+ passed') || failed=1
    PASSED=$((PASSED + ${passed:-0})) FAILED=$((FAILED + ${failed:-1})) SKIPPED=$((SKIPPED + ${skipped:-0}))
}

if ! panels_tools; then
    echo "skipped: $((3 * CHECKS)) checks, no Polars and DuckDB from PyPI"
    exit 77
fi
for engine in es8 es9 os3; do
    echo "== $engine"
    if lab_up "$engine"; then
        panels_check "http://127.0.0.1:$ES_PORT" 2>&1 | tee "$SCRATCH/checks"
        count
    elif grep -q 'needs a JDK' "$SCRATCH/up"; then
        echo "skipped: $CHECKS checks on $engine: $(grep -m 1 'needs a JDK' "$SCRATCH/up")"
        SKIPPED=$((SKIPPED + CHECKS))
    else
        echo "FAILED: the lab of $engine does not start"
        tail -n 20 "$SCRATCH/up"
        FAILED=$((FAILED + 1))
    fi
    lab_down
done
echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
((FAILED == 0))
