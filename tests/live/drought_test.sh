#!/usr/bin/env bash
# Elasticsearch gone for a while under a steady stream: memory stays bounded, the group does not rebalance, the bridge
# catches up. NARU_DROUGHT_S is how long (20 s here; the proof for a release is 300), NARU_DROUGHT_RATE the records/s.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

DROUGHT_S=${NARU_DROUGHT_S:-20}
RATE=${NARU_DROUGHT_RATE:-10000}
LEAD_S=10 TAIL_S=10   # how long the stream runs before and after
BOUND_MIB=96 # of the whole process, with the settings it comes with
ROWS=$((RATE * (LEAD_S + DROUGHT_S + TAIL_S)))

holds() { # WANTED; seldom, because a refresh costs the engine
    sleep 2
    [[ $(documents "$NAME" 2>/dev/null || echo 0) -ge $1 ]]
}

has_records() {
    [[ -n $(kcat -b "$NARU_TEST_BROKERS" -t "$NAME" -C -o beginning -c 1 -e -q 2>/dev/null) ]]
}

# Days of a thousand stocks until there are ROWS rows, then no more.
rows() {
    naru generate --out - --from 1996-01-02 --to 2020-12-30 --stocks 1000 --quiet 2>/dev/null | head -n $((ROWS + 1))
}

NAME=drought$$ # so that one lab can be used again
dataset=$(own_dataset "$NAME")
rows | replay "$NAME" - --dataset "$dataset" --keep-zero-volume --pace "$RATE/s" --quiet >"$WORK/replay.out" 2>&1 &
feeder=$!
check "the stream begins" wait_until 60 has_records
bridge "$NAME" "$dataset" >"$WORK/bridge.log" 2>&1 &
shell=$!
check "documents come before the outage" wait_until 180 holds "$((RATE * 3))"
pid=$(pgrep -P $shell) || { tail -n 20 "$WORK"/replay.out "$WORK"/bridge.log; exit 1; }
check "Elasticsearch is killed" lab kill es-1
sleep "$DROUGHT_S"
check "the bridge still runs" kill -0 "$pid"
check "Elasticsearch is started" lab start es-1
check "the stream ends well" wait $feeder
sent=$(records "$NAME")
check "the stream held $ROWS records" equal "$ROWS" "$sent"
check "the bridge catches up" wait_until $((60 + DROUGHT_S * 4)) holds "$ROWS"
peak_mib=$(($(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status") / 1024))
echo "outage ${DROUGHT_S} s at $RATE records/s: peak memory $peak_mib MiB"
check "its memory stayed under $BOUND_MIB MiB" test "$peak_mib" -lt $BOUND_MIB
kill -TERM "$pid"
check "SIGTERM ends it with exit code 0" wait $shell
check "no rebalance took place" equal 1 "$(grep -c 'msg="partitions assigned"' "$WORK/bridge.log")"
check "each row is a document" equal "$ROWS" "$(documents "$NAME")"
check "nothing was refused" equal "" "$(grep -o 'dead_lettered=[1-9][0-9]*' "$WORK/bridge.log" || true)"
finish || { cat "$WORK"/replay.out "$WORK"/bridge.log | tail -20; exit 1; }
