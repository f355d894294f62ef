#!/usr/bin/env bash
# The whole way on each engine: apply, replay, bridge, verify, and the plan says nothing to do. Each engine is started by
# itself in a lab of this test's own, one after another; one whose JDK is not there is skipped, and counted.
# With names as arguments only those: tests/live/engines_test.sh es9
set -euo pipefail
KAFKA_PORT=${NARU_ENGINES_KAFKA_PORT:-30092}
ES_PORT=${NARU_ENGINES_ES_PORT:-30200}
export NARU_TEST_BROKERS=127.0.0.1:$KAFKA_PORT NARU_TEST_ES=http://127.0.0.1:$ES_PORT
# A lab of its own: not that of the other live tests.
NARU_LAB_STATE=${NARU_ENGINES_STATE:-/tmp/naru-engines-$$}
export NARU_LAB_STATE
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=compose/lab.d/java.sh
source "$LIVE_ROOT/compose/lab.d/java.sh"

close() {
    lab down --wipe >"$WORK/down" 2>&1 || true
    live_clean_up
}
trap close EXIT

start() { # ENGINE
    lab down --wipe >"$WORK/down" 2>&1 || true
    "$LAB" up --engine "$1" --brokers 1 --state "$NARU_LAB_STATE" --kafka-port "$KAFKA_PORT" --es-port "$ES_PORT" \
        --es-heap 512m --kafka-heap 256m --timeout 240
}

mappings() { # ACTION DATASET OPTIONS...
    naru mappings "$1" "$WORK/$2.json" --set "elasticsearch.hosts=$NARU_TEST_ES" "${@:3}"
}

exits() { # CODE COMMAND...
    local code=0
    "${@:2}" >"$WORK/said" 2>&1 || code=$?
    equal "$1" "$code" || { cat "$WORK/said"; return 1; }
}

rows_of_2022() {
    if [[ -f $DATA/marcap-2022.csv.gz ]]; then
        FILES=("$DATA/marcap-2022.csv.gz")
    else
        naru generate --out "$WORK/history" --from 2021-12-27 --to 2022-01-20 --stocks 60 --quiet
        FILES=("$WORK"/history/*.csv)
    fi
}

# How what begin NAME started has ended. They mostly wait, so several at once save time.
finished() { # NAME
    cat "$WORK/$1.log"
    equal 0 "$(cat "$WORK/$1.code")"
}

wait_for_all() {
    wait "${STARTED[@]}"
    STARTED=()
}

ferry() { # NAME OPTIONS...: the rows of the dataset's name, through a topic of that name
    replay "$1" "${FILES[@]}" --create-topic 3:1 --dataset "$WORK/$1.json" --top 20 --pace max --quiet &&
        bridge "$1" "$WORK/$1.json" --until-end "${@:2}"
}

prove() { # NAME
    naru verify "${FILES[@]}" --top 20 --dataset "$WORK/$1.json" --topic "$1" --index "$1" --group "group-$1" \
        --brokers "$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES"
}

# The fields' types as SQL tools and Kibana look them up.
field_types() { # NAME
    es "$1/_field_caps?fields=*" | jq -e '.fields | .Marcap.long.aggregatable and .Close.double.aggregatable and
        .Date.date.aggregatable and .Code.keyword.aggregatable and (.Date | length) == 1'
}

# "_type" of a NiFi flow: kept where the engine takes it, else dropped with a notice.
types() { # ENGINE
    case $1 in
        es6 | es7) check "$1: documents have the type that bridge.type says" command_says '"_type":"json"' es 'typed/_search?size=1' ;;
        *) check "$1: bridge.type is left out, and the log says so" grep -q 'bridge.type is left out' "$WORK/ferry-typed.log" ;;
    esac
    check "$1: and nothing is left to do with it" exits 0 mappings plan typed --set bridge.type=json
}

# OpenSearch 3 gets its rows of each year as zstd, the others as gzip; those refuse zstd before they are sent anything.
packing_of() { # ENGINE
    if [[ $1 == os3 ]]; then echo zstd; else echo gzip; fi
}

refuses_zstd() {
    exits 1 bridge refused "$WORK/plain.json" --until-end --set bridge.topics=plain --set bridge.compression=zstd &&
        grep 'does not unpack it' "$WORK/said"
}

one_engine() { # ENGINE
    local name more=() type=()
    for name in plain yearly typed; do
        case $name in
            plain) more=() ;;
            yearly) more=(--set "bridge.compression=$(packing_of "$1")") ;;
            typed) type=(--set bridge.type=json) more=("${type[@]}") ;;
        esac
        check "$1, $name: before it, changes are needed" exits 3 mappings plan "$name" "${type[@]}"
        check "$1, $name: apply" mappings apply "$name" "${type[@]}"
        begin "ferry-$name" ferry "$name" "${more[@]}" --set bridge.max_dead_letters=1
    done
    wait_for_all
    for name in plain yearly typed; do
        check "$1, $name: replay and bridge" finished "ferry-$name"
        es "$name/_refresh" >/dev/null
        begin "prove-$name" prove "$name"
    done
    wait_for_all
    for name in plain yearly; do
        check "$1, $name: verify finds each row" finished "prove-$name"
        check "$1, $name: the plan says nothing to do" exits 0 mappings plan "$name"
        check "$1, $name: check finds no drift" exits 0 mappings check "$name"
    done
    check "$1, typed: verify finds each row" finished prove-typed
    check "$1: each field has its type" field_types plain
    check "$1: the year's index is there" command_says '"yearly-v1-2022"' es 'yearly-v1-*/_settings'
    types "$1"
    [[ $1 == os3 ]] || check "$1: zstd is refused at the start" refuses_zstd
}

datasets() {
    local name
    for name in plain yearly typed; do
        jq --arg n "$name" '.name = $n | .index = if $n == "yearly" then "yearly-%{Date:%Y}" else $n end' \
            "$LIVE_ROOT/mappings/marcap.json" >"$WORK/$name.json"
    done
}

datasets
rows_of_2022
ENGINES=(es6 es7 es8 es9 os3)
(($# == 0)) || ENGINES=("$@")
for engine in "${ENGINES[@]}"; do
    if ! find_jdk "$(java_needed_by "$engine")" >/dev/null; then
        skip "$engine" "there is no JDK $(java_needed_by "$engine") or later"
        continue
    fi
    before=$FAILED
    check "$engine: its lab starts" start "$engine"
    if ((FAILED == before)); then one_engine "$engine"; fi
done
finish
