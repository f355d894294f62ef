#!/usr/bin/env bash
# The crash suite: see crash.sh for a round of it. Here is one, and the test of the test.
#   NARU_TEST_SEED     repeats a run, as far as processes can be repeated; printed
#   NARU_CRASH_ROWS    records (default 40000)
#   NARU_CRASH_KILLS   bridges killed, at least (default 20)
#   NARU_CRASH_OUTAGES failures of brokers and engine (default 4)
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/live/faults.sh
source "$(dirname "$0")/faults.sh"
# shellcheck source=tests/live/crash.sh
source "$(dirname "$0")/crash.sh"

CRASH_SEED=${NARU_TEST_SEED:-$RANDOM}

some_committed() {
    curl -sS --noproxy '*' "http://127.0.0.1:$ADMIN_PORT/status" | jq -e '[.partitions[].committed // 0] | add > 0'
}

# The test of the test: committing what was taken rather than what has ended must lose rows, and the judge must see it.
# The engine serves nobody meanwhile, so that what is taken does not end.
broken_commit_rule() {
    local dataset pid
    dataset=$(crash_dataset broken)
    SLICES=("${SLICES[0]}")
    check "rows for the broken bridge" feed broken "$dataset" 0
    start_proxy --unavailable 100
    COMMIT_RULE=off faulty_bridge "$PROXY_ES" broken "$dataset" none:0 >"$WORK/broken.log" 2>&1 &
    pid=$!
    check "with the commit rule broken it commits" wait_until 60 some_committed
    kill -KILL $pid
    wait $pid 2>/dev/null || true
    stop_proxy
    check "the next one ends well" run_to_end broken "$dataset"
    check "naru verify finds the loss" equal 1 "$(verify_round broken >"$WORK/loss" 2>&1 && echo 0 || echo $?)"
    check "as rows missing in the index" test "$(found .findings.index_missing)" -gt 0
}

run_to_end() { # TOPIC DATASET
    (faulty_bridge "$NARU_TEST_ES" "$1" "$2" none:0 --until-end)
}

echo "seed $CRASH_SEED"
RANDOM=$CRASH_SEED
crash_round crash "${NARU_CRASH_ROWS:-40000}" "${NARU_CRASH_KILLS:-20}" "${NARU_CRASH_OUTAGES:-4}"
broken_commit_rule
finish
