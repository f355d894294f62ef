#!/usr/bin/env bash
# The dashboards' panels and the ready queries on the fixture's engine: the numbers of each against the CSV's, and, where
# node and npm are to be had, each panel drawn by the Vega of Kibana 7.12 and of Kibana 9.
set -euo pipefail
: "${NARU_BIN:?}" "${NARU_TEST_ES:?}"
HERE=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/live/panels_tools.sh
. "$HERE/panels_tools.sh"
PANELS_DATA=${NARU_SHARED:-$HERE/../../../shared}/data

if ! panels_tools; then
    echo "skipped: 97 checks, no Polars and DuckDB from PyPI"
    exit 77
fi
draw=()
if "$HERE/../../kibana/render/fetch"; then
    draw=(--draw)
else
    echo "skipped: 33 checks of what Vega draws, no node, npm, or Vega from npm"
fi
panels_check "$NARU_TEST_ES" "${draw[@]}"
