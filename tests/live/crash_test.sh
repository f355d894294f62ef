#!/usr/bin/env bash
# The crash suite: a bridge built with fault points is killed with SIGKILL at each of them, again and again, while
# brokers and the engine are stopped, killed and started; afterwards each row is there once, with its content, and each
# poison record is a dead letter.
#   NARU_TEST_SEED     repeats a run; printed
#   NARU_CRASH_ROWS    about so many records (default 60000)
#   NARU_CRASH_KILLS   kills at fault points (default 10)
#   NARU_CRASH_OUTAGES broker and engine failures (default 2)
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

: "${NARU_FAULTY_BIN:?the naru built with fault points}"
SEED=${NARU_TEST_SEED:-$RANDOM}
ROWS_WANTED=${NARU_CRASH_ROWS:-60000}
KILLS=${NARU_CRASH_KILLS:-10}
OUTAGES=${NARU_CRASH_OUTAGES:-2}
POINTS=(sent answered settled before_commit after_commit letter_sent buried stopping)
ROWS=0 POISON=0 DIED=0

faulty_bridge() { # TOPIC DATASET FAULT OPTIONS...
    env -i PATH="$PATH" NARU_FAULT="$3" ${COMMIT_RULE:+NARU_FAULT_COMMIT_RULE=$COMMIT_RULE} "$NARU_FAULTY_BIN" bridge \
        --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" \
        --set "kafka.group.id=group-$1" --set "kafka.group.instance.id=one" --set kafka.session.timeout.ms=45000 \
        --set "bridge.topics=$1" --set "bridge.dataset=$2" --set admin.listen=off --set bridge.batch_bytes=512k \
        --set bridge.commit_interval_ms=100 --set bridge.memory_bytes=4m --set bridge.retry_max_ms=1s "${@:4}"
}

# Rows from CSV, and among them, spread over the topic, records that no engine takes.
fill() { # TOPIC DATASET
    local year poison=0
    for year in "$WORK"/history/*.csv; do
        naru replay "$year" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 6:3 --dataset "$2" \
            --keep-zero-volume --pace max --quiet
        seq -f 'poison-%g	this is not JSON' $((poison + 1)) $((poison + 50)) |
            kcat -b "$NARU_TEST_BROKERS" -t "$1" -P -K '	'
        poison=$((poison + 50))
    done
    POISON=$poison
}

# One kill: at a fault point reached a chosen number of times; "stopping" needs to be told to stop.
kill_once() { # TOPIC DATASET ROUND
    local point=${POINTS[$3 % ${#POINTS[@]}]} pid
    local count=$((RANDOM % 12 + 1))
    [[ $point != stopping && $point != buried && $point != letter_sent ]] || count=1
    faulty_bridge "$1" "$2" "$point:$count" >>"$WORK/faulty.log" 2>&1 &
    pid=$!
    if [[ $point == stopping ]]; then
        sleep 2
        pkill -TERM -P $pid || true
    fi
    # A point that is not reached in time (no letters left, say) is a kill at any moment instead.
    wait_until $((RANDOM % 4 + 3)) has_ended $pid || pkill -KILL -P $pid || true
    if wait $pid 2>/dev/null; then return; fi
    DIED=$((DIED + 1))
}

has_ended() { ! kill -0 "$1" 2>/dev/null; }

# Something behind the bridge fails for some seconds.
outage() { # NUMBER
    local node how=stop
    case $(($1 % 4)) in
    0) node=es-1 how=kill ;;
    1) node=kafka-$((RANDOM % 3 + 1)) how=kill ;;
    2) node=es-1 ;;
    3) node=kafka-$((RANDOM % 3 + 1)) ;;
    esac
    echo "outage: $how $node"
    lab $how $node >/dev/null 2>&1
    sleep $((RANDOM % 3 + 1))
    lab start $node >/dev/null 2>&1
}

suite() {
    local dataset round outage_at=$((KILLS / (OUTAGES > 0 ? OUTAGES : 1))) outages=0 waiting=''
    dataset=$(own_dataset crash)
    fill crash "$dataset"
    for ((round = 0; round < KILLS; round++)); do
        if ((OUTAGES > 0 && round % (outage_at > 0 ? outage_at : 1) == 0 && outages < OUTAGES)); then
            [[ -z $waiting ]] || wait "$waiting" || true
            outage $outages &
            waiting=$!
            outages=$((outages + 1))
        fi
        kill_once crash "$dataset" $round
    done
    [[ -z $waiting ]] || wait "$waiting" || true
    while ((outages < OUTAGES)); do
        outage $outages
        outages=$((outages + 1))
    done
    echo "$DIED of $KILLS bridges died, $outages outages"
    check "a last run ends well" faulty_bridge crash "$dataset" none:0 --until-end
    check "each row is a document: 0 missing, 0 extra" equal "$ROWS" "$(documents crash)"
    check "0 different: volumes" equal \
        "$(python3 "$LIVE_ROOT/tests/live/column_sum.py" Volume "$WORK"/history/*.csv)" "$(sum_of crash Volume)"
    check "0 different: numbers of shares" equal \
        "$(python3 "$LIVE_ROOT/tests/live/column_sum.py" Stocks "$WORK"/history/*.csv)" "$(sum_of crash Stocks)"
    check "each poison record is a dead letter, by key" equal "$POISON" \
        "$(kcat -b "$NARU_TEST_BROKERS" -t crash.dlq -C -o beginning -e -q -f '%k\n' | sort -u | wc -l)"
}

# The test of the test: committing what was taken rather than what has ended must lose rows, and the count must show it.
# The engine is away, so that what is taken does not end.
broken_commit_rule() {
    local dataset pid
    dataset=$(own_dataset broken)
    fill broken "$dataset"
    COMMIT_RULE=off faulty_bridge broken "$dataset" none:0 --set elasticsearch.request_timeout_ms=60s \
        >"$WORK/broken.log" 2>&1 &
    pid=$!
    wait_until 30 grep -q 'partitions assigned' "$WORK/broken.log" || true
    lab kill es-1 >/dev/null 2>&1
    sleep 2
    pkill -KILL -P $pid || true
    wait $pid 2>/dev/null || true
    lab start es-1 >/dev/null 2>&1
    faulty_bridge broken "$dataset" none:0 --until-end >/dev/null 2>&1
    check "with the commit rule broken the suite finds the loss" test "$(documents broken)" -lt "$ROWS"
}

echo "seed $SEED"
RANDOM=$SEED
naru generate --out "$WORK/history" --from 2016-01-04 --to 2019-12-31 --stocks $((ROWS_WANTED / 984 + 1)) --quiet
ROWS=$(cat "$WORK"/history/*.csv | grep -c '^"[0-9]')
echo "$ROWS rows"
suite
broken_commit_rule
finish
