#!/usr/bin/env bash
# naru replay against running brokers:
#   NARU_TEST_BROKERS=127.0.0.1:19092,... tests/live/replay_test.sh [NARU]
# Real data comes from ${NARU_SHARED:-../shared}/data; what needs it is skipped without. Topics are named
# naru-test-replay-... and stay in the cluster.
set -euo pipefail

BROKERS=${NARU_TEST_BROKERS:?set NARU_TEST_BROKERS to bootstrap servers, such as 127.0.0.1:19092}
NARU=${1:-${NARU_BIN:-naru}}
DATA=${NARU_SHARED:-$(dirname "$0")/../../../shared}/data
TOPIC=naru-test-replay-$$-$(date +%s)
WORK=$(mktemp -d)
PASSED=0 FAILED=0 SKIPPED=0

readonly BROKERS NARU DATA TOPIC WORK
trap 'rm -rf "$WORK"' EXIT

# Runs naru in an empty folder and environment: a naru.conf or a NARU_ variable of the user would count.
replay() {
    RC=0
    (cd "$WORK" && env -i PATH="$PATH" "$NARU" replay "$@") >"$WORK/out" 2>"$WORK/err" || RC=$?
}

replay_to() { # TOPIC ARGUMENTS...
    local topic=$1
    shift
    replay "$@" --topic "$topic" --brokers "$BROKERS"
}

check() { # WHAT CONDITION...
    local what=$1
    shift
    if "$@"; then
        PASSED=$((PASSED + 1))
        echo "passed: $what"
    else
        FAILED=$((FAILED + 1))
        echo "FAILED: $what (exit code ${RC:-none})"
        head -5 "$WORK/err" | sed 's/^/    /'
    fi
}

exits() { [[ $RC == "$1" ]]; }
says() { grep -qF -- "$1" "$WORK/err"; }
is_one_line() { [[ $(wc -l <"$WORK/err") == 1 ]] && grep -q '^naru replay: ' "$WORK/err"; }
same() { [[ $1 == "$2" ]] || { echo "    got $1, wanted $2" && false; }; }
records() { kcat -C -e -q -b "$BROKERS" -t "$1" "${@:2}"; }
count() { records "$1" | wc -l; }

# An error that a new user meets: exit code, one line, and what it says.
refuses() { # WHAT CODE TEXT
    check "$1: exit code $2" exits "$2"
    check "$1: one line" is_one_line
    check "$1: says what" says "$3"
}

small_file() { # PATH: three days of two stocks
    {
        echo 'Code,Name,Market,Dept,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date'
        local day
        for day in 03 04 05; do
            echo "005930,삼성전자,KOSPI,,78600.0,1,300.0,0.38,79400.0,79800.0,78200.0,13502112.0,1066006837750.0,469224908430000.0,5969782550,STK,1,2022-01-$day"
            echo "000660,SK하이닉스,KOSPI,,128500.0,2,-2500.0,-1.91,132000.0,132500.0,128000.0,0,0,93548303902500.0,728002365,STK,2,2022-01-$day"
        done
    } >"$1"
}

test_small_replay() {
    replay_to "$TOPIC-small" small.csv --pace max --create-topic 3:1
    check "a topic is created and filled" exits 0
    check "zero volume is left out" same "$(count "$TOPIC-small")" 3
    replay_to "$TOPIC-small" small.csv --pace max --keep-zero-volume --create-topic 6:1
    check "a topic that is there is used as it is" says 'exists with 3 partitions'
    check "zero volume is kept on request" same "$(count "$TOPIC-small")" 9
    replay_to "$TOPIC-small" small.csv --pace day:500ms --report json
    check "three days take two steps" same "$(python3 -c 'import json,sys
r = json.load(open(sys.argv[1])); print(r["days"], r["sent"], r["acknowledged"], 1000 <= r["elapsed_ms"] < 4000)' "$WORK/out")" '3 3 3 True'
}

test_signal() {
    (cd "$WORK" && exec env -i PATH="$PATH" "$NARU" replay small.csv --topic "$TOPIC-small" --brokers "$BROKERS" \
        --pace day:60s >out 2>err) &
    local child=$!
    sleep 3
    kill -TERM "$child"
    RC=0
    wait "$child" || RC=$?
    check "a signal: exit code 1" exits 1
    check "a signal: what was taken is delivered" says '1 records sent'
    check "a signal: says so" says 'stopped by a signal after 1 record'
}

# How many records a topic of one partition was given; a topic that grows all the time cannot be read to its end.
given() { kcat -b "$BROKERS" -Q -t "$1:0:-1" | awk '{ print $NF }'; }

wait_until_more() { # TOPIC RECORDS
    local i
    for ((i = 0; i < 300; i++)); do
        [[ $(given "$1") -le $2 ]] || return 0
        sleep 0.2
    done
    return 1
}

# At 50 rows a second, a second without one is a pause; what was sent before it may still arrive.
comes_to_rest() { # TOPIC
    local i before
    for ((i = 0; i < 30; i++)); do
        before=$(given "$1")
        sleep 1
        [[ $(given "$1") != "$before" ]] || return 0
    done
    return 1
}

test_pause_and_loop() {
    local child held
    replay_to "$TOPIC-loop" small.csv --pace max --loop=3 --create-topic 1:1
    check "three passes are three times the rows" same "$(count "$TOPIC-loop")" 9
    (cd "$WORK" && exec env -i PATH="$PATH" "$NARU" replay small.csv --topic "$TOPIC-loop" --brokers "$BROKERS" \
        --pace 50/s --loop --report json >out 2>err) &
    child=$!
    check "for ever goes on" wait_until_more "$TOPIC-loop" 20
    kill -USR1 "$child"
    check "SIGUSR1 holds the rows" comes_to_rest "$TOPIC-loop"
    held=$(given "$TOPIC-loop")
    kill -USR2 "$child"
    check "SIGUSR2 lets them go" wait_until_more "$TOPIC-loop" $((held + 10))
    kill -TERM "$child"
    RC=0
    wait "$child" || RC=$?
    check "and SIGTERM ends it" exits 1
    check "the pause is in the report" grep -qE '"paused_ms":[1-9]' "$WORK/out"
    replay_to "$TOPIC-loop" - --loop </dev/null && refuses 'standard input over again' 2 '--loop: - (standard input) cannot be read again'
    replay_to "$TOPIC-loop" small.csv --exactly-once && refuses 'exactly once without a name' 2 '--exactly-once needs --resume NAME'
    replay_to "$TOPIC-loop" small.csv --start-delay 5 && refuses 'no time' 2 "--start-delay: '5' is not a time"
    replay_to "$TOPIC-loop" small.csv --where 'Volume >' && refuses 'half a condition' 2 '--where, column 9: a column or a value is missing'
}

test_errors() {
    : >"$WORK/empty.csv"
    sed '1s/,Date$/,Day/' "$WORK/small.csv" >"$WORK/nodate.csv"
    sed '4s/13502112.0/abc/' "$WORK/small.csv" >"$WORK/text.csv"
    (head -1 "$WORK/small.csv" && tail -n +2 "$WORK/small.csv" | tac) >"$WORK/order.csv"
    gzip -c "$WORK/small.csv" | head -c 150 >"$WORK/cut.csv.gz"
    replay_to "$TOPIC-small" nosuch.csv && refuses 'no such file' 1 'nosuch.csv: there is no such file'
    replay_to "$TOPIC-small" . && refuses 'a directory' 1 '.: is a directory'
    replay_to "$TOPIC-small" empty.csv && refuses 'an empty file' 1 'empty.csv: empty: a header line was expected'
    replay_to "$TOPIC-small" nodate.csv && refuses 'no Date' 1 'nodate.csv: header has no column Date'
    replay_to "$TOPIC-small" text.csv -q --pace max && refuses 'text as a number' 1 "text.csv:4: Volume: 'abc' is not a whole number"
    replay_to "$TOPIC-small" order.csv -q --pace max && refuses 'out of order' 1 'order.csv:4: Date: 2022-01-04 comes after 2022-01-05'
    replay_to "$TOPIC-small" cut.csv.gz && refuses 'a cut gzip file' 1 'gzip data ends early'
    replay_to "$TOPIC-none" small.csv && refuses 'no such topic' 1 "topic $TOPIC-none does not exist: create it, or use --create-topic 6:3"
    replay small.csv --topic T --brokers 127.0.0.1:1 && refuses 'no brokers' 1 'no Kafka broker answered within 10 s at 127.0.0.1:1'
    replay small.csv --topic T && refuses 'no brokers named' 2 'no brokers are named'
    replay small.csv && refuses 'no topic' 2 '--topic is missing'
    replay --dry-run && refuses 'no file' 2 'no file given'
    replay small.csv --dry-run --pace fast && refuses 'no pace' 2 '--pace fast: not a pace'
    replay small.csv --dry-run --from 2022-02-30 && refuses 'no date' 2 "--from: '2022-02-30' is not a date"
    replay_to T small.csv --set kafka.acks=1 && refuses 'acks that lose rows' 2 'acks'
    replay_to "$TOPIC-small" text.csv --pace max --on-bad-row skip
    check "bad rows are skipped on request" exits 0
    check "and told of" says "warning: 1 bad row left out; the first: text.csv:4: Volume: 'abc'"
}

test_closed_pipe() {
    RC=0
    (set -o pipefail && cd "$WORK" && yes "$(tail -1 small.csv)" | sed 's/,0,0,/,1,1,/' | head -200000 |
        cat <(head -1 small.csv) - | env -i PATH="$PATH" "$NARU" replay - --dry-run 2>err | head -1 >out) || RC=$?
    check "a reader that goes away ends a dry run quietly" test ! -s "$WORK/err"
    check "with its first line read" grep -q '^{"Code":"000660","Name":"SK하이닉스",' "$WORK/out"
}

test_real_data() {
    if [[ ! -r $DATA/marcap-2022.csv.gz || ! -r $DATA/marcap-2025.csv.gz ]]; then
        SKIPPED=$((SKIPPED + 6))
        echo "skipped: no marcap files in $DATA"
        return
    fi
    local data
    data=$(cd "$DATA" && pwd)
    replay_to "$TOPIC-top" "$data/marcap-2022.csv.gz" --top 20 --pace max --create-topic 6:1
    check "the first 20 of 31 days are 620 records" same "$(count "$TOPIC-top")" 620
    check "keys are stock codes" same "$(records "$TOPIC-top" -f '%k\n' | grep -cvE '^[0-9A-Z]{6}$' || true)" 0
    records "$TOPIC-top" >"$WORK/top.json"
    check "values are JSON, exact to the won" same "$(python3 -c 'import json,sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
print([(r["Name"], r["Marcap"], r["Volume"]) for r in rows if (r["Code"], r["Date"]) == ("005930", "2022-01-03")])' \
        "$WORK/top.json")" "[('삼성전자', 469224908430000, 13502112)]"
    replay_to "$TOPIC-all" "$data"/marcap-2022.csv.gz "$data"/marcap-2023.csv.gz "$data"/marcap-2025.csv.gz \
        --keep-zero-volume --pace max --create-topic 6:1 --report json
    check "three files, all rows: 233,425 records" same "$(count "$TOPIC-all")" 233425
    check "all of them acknowledged" grep -q '"acknowledged":233425,' "$WORK/out"
    check "a key is always in the same partition" same "$(records "$TOPIC-all" -f '%k %p\n' | sort -u | cut -d' ' -f1 | uniq -d | wc -l)" 0
}

small_file "$WORK/small.csv"
test_small_replay
test_signal
test_pause_and_loop
test_errors
test_closed_pipe
test_real_data
[[ $SKIPPED == 0 ]] || echo "$SKIPPED skipped"
echo "$PASSED passed, $FAILED failed"
[[ $FAILED == 0 ]]
