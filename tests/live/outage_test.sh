#!/usr/bin/env bash
# What an operator fears: the bridge killed, a broker lost, Elasticsearch down. Each row is there once afterwards.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

ROWS=0 FILES=()

prepare() {
    if [[ -f $DATA/marcap-2022.csv.gz ]]; then
        FILES=("$DATA"/marcap-{2022,2023,2025}.csv.gz)
        ROWS=233425
    else
        skip "the real rows" "$DATA has no marcap-2022.csv.gz; generated ones take their place"
        naru generate --out "$WORK/history" --from 2015-01-02 --to 2018-12-31 --stocks 200 --quiet
        FILES=("$WORK"/history/*.csv)
        ROWS=$(cat "${FILES[@]}" | grep -c '^"[0-9]')
    fi
}

consumed_some() { # INDEX WANTED: does it hold so many documents?
    [[ $(documents "$1" 2>/dev/null || echo 0) -ge $2 ]]
}

killed_bridge() {
    local dataset pid round seed=${NARU_TEST_SEED:-$RANDOM}
    dataset=$(own_dataset killed)
    echo "seed $seed (NARU_TEST_SEED)"
    RANDOM=$seed
    check "rows are sent" replay killed "${FILES[@]}" --dataset "$dataset" --keep-zero-volume --pace max --quiet
    for round in 1 2 3 4 5; do
        bridge killed "$dataset" --set bridge.commit_interval_ms=100 --set bridge.batch_bytes=1m \
            >"$WORK/killed.$round" 2>&1 &
        pid=$!
        sleep $((RANDOM % 3 + 1)).$((RANDOM % 10))
        # The function runs in a subshell; its child is the bridge.
        pkill -KILL -P $pid || true
        wait $pid 2>/dev/null || true
    done
    check "none of the five ended by itself" equal "" "$(grep -l 'msg=ended' "$WORK"/killed.[1-5] || true)"
    check "after five kills a last run ends well" bridge killed "$dataset" --until-end
    check "each row is a document, none twice" equal "$ROWS" "$(documents killed)"
    check "no document came from nowhere: the volumes' sum is the source's" equal \
        "$(python3 "$LIVE_ROOT/tests/live/column_sum.py" Volume "${FILES[@]}")" "$(sum_of killed Volume)"
}

lost_broker() {
    local dataset pid
    dataset=$(own_dataset broker)
    replay broker "${FILES[@]}" --dataset "$dataset" --keep-zero-volume --pace 25000/s --quiet >"$WORK/replay.out" 2>&1 &
    pid=$!
    sleep 3
    check "broker 2 is killed during the replay" lab kill kafka-2
    sleep 3
    check "broker 2 comes back" lab start kafka-2
    check "the replay ends well" wait $pid
    check "the topic holds each row once" equal "$ROWS" "$(records broker)"
    check "the bridge ends well" bridge broker "$dataset" --until-end
    check "each row is a document" equal "$ROWS" "$(documents broker)"
}

engine_down() {
    local dataset pid
    dataset=$(own_dataset down)
    check "rows are sent" replay down "${FILES[@]}" --dataset "$dataset" --keep-zero-volume --pace max --quiet
    check "Elasticsearch is stopped" lab stop es-1
    bridge down "$dataset" --until-end >"$WORK/down.log" 2>&1 &
    pid=$!
    sleep 3
    check "the bridge says that it waits" grep -q 'waiting for elasticsearch' "$WORK/down.log"
    check "and does not end" kill -0 $pid
    check "Elasticsearch is started" lab start es-1
    check "the bridge begins" wait_until 60 consumed_some down 1000
    check "Elasticsearch is stopped in mid-run" lab stop es-1
    sleep 20
    check "the bridge says so" grep -q 'does not take records; waiting' "$WORK/down.log"
    check "in few lines" test "$(grep -c 'level=warn' "$WORK/down.log")" -lt 20
    check "Elasticsearch is started again" lab start es-1
    check "the bridge ends well" wait $pid
    check "each row is a document" equal "$ROWS" "$(documents down)"
}

graceful_stop() {
    local dataset pid first second
    dataset=$(own_dataset stopped)
    check "rows are sent" replay stopped "${FILES[@]}" --dataset "$dataset" --keep-zero-volume --pace max --quiet
    bridge stopped "$dataset" >"$WORK/stop.1" 2>&1 &
    pid=$!
    wait_until 60 consumed_some stopped 1000 || true
    pkill -TERM -P $pid
    check "SIGTERM ends the bridge with exit code 0" wait $pid
    check "a last run ends well" bridge stopped "$dataset" --until-end >"$WORK/stop.2" 2>&1
    cp "$WORK/check.out" "$WORK/stop.2"
    first=$(sed -n 's/.*msg=ended consumed=\([0-9]*\).*/\1/p' "$WORK/stop.1")
    second=$(sed -n 's/.*msg=ended consumed=\([0-9]*\).*/\1/p' "$WORK/stop.2")
    check "what the first run took was committed: the second takes just the rest" \
        equal "$ROWS" "$((first + second))"
    check "each row is a document" equal "$ROWS" "$(documents stopped)"
}

prepare
killed_bridge
graceful_stop
lost_broker
engine_down
finish
