#!/usr/bin/env bash
# Topics that change under the bridge: retention that passes it, a topic made anew, partitions added. Nothing goes
# missing without a word.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

rows() { # FROM TO: ten companies a day
    naru generate --out - --from "$1" --to "$2" --stocks 10 --quiet
}

send() { # TOPIC FILE
    naru replay "$2" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic "${PARTITIONS:-1}:3" --dataset "$DATASET" \
        --keep-zero-volume --pace max --quiet
}

consumed() { sed -n 's/.*msg=ended consumed=\([0-9]*\).*/\1/p' "$1"; }

retention_passes_a_stopped_bridge() {
    local first second
    DATASET=$(own_dataset retention)
    rows 2000-01-03 2000-03-31 >"$WORK/first.csv"
    rows 2000-04-03 2000-06-30 >"$WORK/second.csv"
    first=$(($(wc -l <"$WORK/first.csv") - 1))
    second=$(($(wc -l <"$WORK/second.csv") - 1))
    send retention "$WORK/first.csv"
    check "the first rows are ferried" bridge retention "$DATASET" --until-end
    send retention "$WORK/second.csv"
    printf '{"partitions":[{"topic":"retention","partition":0,"offset":%d}],"version":1}' $((first + 100)) >"$WORK/delete.json"
    check "100 records that nobody read are deleted" \
        kafka_tool org.apache.kafka.tools.DeleteRecordsCommand --offset-json-file "$WORK/delete.json"
    bridge retention "$DATASET" --until-end >"$WORK/retention.log" 2>&1 || true
    check "it is said how many were lost" grep -q 'level=error .*lost_records=100' "$WORK/retention.log"
    check "the rest is ferried" equal $((second - 100)) "$(consumed "$WORK/retention.log")"
    check "and is in the index" equal $((first + second - 100)) "$(documents retention)"
    printf '{"partitions":[{"topic":"retention","partition":0,"offset":-1}],"version":1}' >"$WORK/delete.json"
    send retention "$WORK/first.csv"
    kafka_tool org.apache.kafka.tools.DeleteRecordsCommand --offset-json-file "$WORK/delete.json" >/dev/null
    check "auto.offset.reset = error stops instead" equal 1 \
        "$(bridge retention "$DATASET" --until-end --set kafka.auto.offset.reset=error >/dev/null 2>&1 && echo 0 || echo $?)"
}

topic_made_anew() {
    local pid n
    DATASET=$(own_dataset anew)
    n=$(($(wc -l <"$WORK/first.csv") - 1))
    send anew "$WORK/first.csv"
    bridge anew "$DATASET" --set kafka.topic.metadata.refresh.interval.ms=1000 >"$WORK/anew.log" 2>&1 &
    pid=$!
    check "the rows of the first topic arrive" wait_until 60 has_documents anew "$n"
    kafka_tool org.apache.kafka.tools.TopicCommand --delete --topic anew
    sleep 3
    send anew "$WORK/second.csv"
    check "the rows of the new topic arrive, though its offsets begin at 0 again" \
        wait_until 60 has_documents anew $((n + $(wc -l <"$WORK/second.csv") - 1))
    pkill -TERM -P $pid || true
    check "SIGTERM ends the bridge" wait $pid
}

partitions_added() {
    local pid n
    DATASET=$(own_dataset added)
    n=$(($(wc -l <"$WORK/first.csv") - 1))
    send added "$WORK/first.csv"
    bridge added "$DATASET" --set kafka.topic.metadata.refresh.interval.ms=1000 >"$WORK/added.log" 2>&1 &
    pid=$!
    check "the rows of one partition arrive" wait_until 60 has_documents added "$n"
    check "five partitions are added" kafka_tool org.apache.kafka.tools.TopicCommand --alter --topic added --partitions 6
    sleep 3
    PARTITIONS=6 send added "$WORK/second.csv"
    check "the rows in the new partitions arrive" \
        wait_until 60 has_documents added $((n + $(wc -l <"$WORK/second.csv") - 1))
    pkill -TERM -P $pid || true
    check "SIGTERM ends the bridge" wait $pid
}

has_documents() { [[ $(documents "$1") == "$2" ]]; }

retention_passes_a_stopped_bridge
topic_made_anew
partitions_added
finish
