#!/usr/bin/env bash
# The bridge's page in a real browser, at the width of a desk and of a phone: counts as /metrics has them after a run, no
# complaint on the console, nothing wider than the window, records shown only when they may be, and it holds through a
# restart of the bridge. NARU_PICTURES names the folder that its pictures are left in.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

has_browser() { python3 "$LIVE_ROOT/tests/live/page_watch.py" --look; }

watch_page() { # PORT
    env -i PATH="$PATH" HOME="$WORK" python3 "$LIVE_ROOT/tests/live/page_watch.py" "${NARU_PICTURES:-$WORK}" "$1" \
        "$NARU_BIN" bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" \
        --set "elasticsearch.hosts=$NARU_TEST_ES" --set kafka.group.id=group-page-flow --set bridge.topics=page-flow \
        --set "bridge.dataset=$WORK/page-flow.json" --set kafka.session.timeout.ms=6000 \
        --set "admin.listen=127.0.0.1:$1" --set bridge.max_dead_letter_share=100
}

# One that the mapping refuses, one that is no document at all; both would be markup if anybody took them for it.
send_bad_ones() {
    printf '%s\n' 'bad:{"Date":"1995-05-02","Code":"bad","Close":"<b>much</b>"}' 'worse:<script>alert(1)</script>' |
        kcat -b "$NARU_TEST_BROKERS" -t page-flow -P -K :
}

main() {
    if ! has_browser; then
        skip "the page in a browser" "there is no chromium"
        finish
        return
    fi
    own_dataset page-flow >/dev/null
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-05-31 --stocks 200 --quiet
    check "rows are sent" replay page-flow "$WORK"/history/*.csv --dataset "$WORK/page-flow.json" --keep-zero-volume \
        --pace max --quiet
    check "bad ones are sent" send_bad_ones
    check "the page shows it all" watch_page "$(free_port)"
    finish
}

main "$@"
