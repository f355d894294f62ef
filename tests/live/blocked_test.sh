#!/usr/bin/env bash
# The engine itself refuses for a while: a full disk's block, an alias that is gone, a breaker, a full queue. The bridge says
# why, waits, makes no index of its own, and each row is there once when it is over.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/live/faults.sh
source "$(dirname "$0")/faults.sh"

FIRST_ROWS=0 ROWS=0 PID=''

# Two halves: one to begin with, one that meets the trouble.
make_rows() {
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-05-31 --stocks 600 --quiet
    FIRST_ROWS=$(naru replay "$WORK"/history/*.csv --keep-zero-volume --dry-run --quiet --to 1995-05-15 | wc -l)
    ROWS=$(naru replay "$WORK"/history/*.csv --keep-zero-volume --dry-run --quiet | wc -l)
}

send() { # TOPIC OPTIONS...
    replay "$1" "$WORK"/history/*.csv --dataset "$WORK/$1.json" --keep-zero-volume --pace max --quiet "${@:2}"
}

start_bridge() { # TOPIC OPTIONS...
    bridge "$1" "$WORK/$1.json" --set bridge.batch_bytes=128k --set bridge.commit_interval_ms=100 \
        --set bridge.retry_max_ms=1s "${@:2}" >"$WORK/$1.log" 2>&1 &
    PID=$!
}

holds() { # INDEX NUMBER
    [[ $(documents "$1") == "$2" ]]
}

agree() { audit "$1" "$1" --keep-zero-volume "$WORK"/history/*.csv; } # TOPIC

ends_well() { # TOPIC WHAT
    check "$2: all records arrive" wait_until 60 holds "$1" "$ROWS"
    check "$2: the bridge says that it goes on" wait_until 30 grep -q 'takes records again' "$WORK/$1.log"
    pkill -TERM -P $PID
    check "$2: the bridge ends well" wait $PID
    check "$2: naru verify finds nothing" agree "$1"
    check "$2: no index was made but the dataset's" equal "$1-v1" "$(es '_cat/indices?h=index' | grep -x "$1.*")"
}

refused_for_a_while() { # TOPIC WHAT REFUSE ALLOW WORDS, of the engine's reason
    own_dataset "$1" >/dev/null
    check "$2: rows are sent" send "$1" --to 1995-05-15
    start_bridge "$1"
    check "$2: the first arrive" wait_until 60 holds "$1" "$FIRST_ROWS"
    check "$2: it is there" "$3" "$1"
    check "$2: more rows are sent" send "$1" --from 1995-05-16
    check "$2: the bridge says why it waits" wait_until 30 grep -q "does not take records; waiting.*$5" "$WORK/$1.log"
    sleep 2
    check "$2: in few lines" test "$(grep -c 'level=warn' "$WORK/$1.log")" -lt 4
    check "$2: it is over" "$4" "$1"
    ends_well "$1" "$2"
    check "$2: nothing is a dead letter" equal "" "$(grep -E 'msg=ended.* dead_lettered=[1-9]' "$WORK/$1.log" || true)"
}

rejected() { # items that the engine's write queue had no room for
    es _nodes/stats/thread_pool | jq '[.nodes[].thread_pool.write.rejected] | add'
}

# A queue of one makes the real engine answer 429 to single items.
full_queue() {
    own_dataset queue >/dev/null
    check "full queue: the engine is stopped" lab stop es-1
    check "full queue: it starts with a tiny queue" env \
        NARU_LAB_ES_SETTINGS=thread_pool.write.size=1,thread_pool.write.queue_size=1 "$LAB" start es-1 --state "$NARU_LAB_STATE"
    check "full queue: rows are sent" send queue
    check "full queue: the bridge ends well" bridge queue "$WORK/queue.json" --set bridge.batch_bytes=64k \
        --set bridge.max_in_flight=16 --set bridge.retry_max_ms=1s --until-end
    check "full queue: the engine did refuse" test "$(rejected)" -gt 0
    check "full queue: naru verify finds nothing" agree queue
    check "full queue: the engine is stopped again" lab stop es-1
    check "full queue: and starts as it was" lab start es-1
}

make_rows
refused_for_a_while full "full disk" block_index unblock_index 'cluster_block_exception'
refused_for_a_while noalias "no alias" remove_alias restore_alias 'no such index .noalias_write.'
refused_for_a_while breaker "breaker" squeeze_engine relieve_engine 'HTTP 429: .*Data too large'
full_queue
finish
