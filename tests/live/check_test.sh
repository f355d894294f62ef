#!/usr/bin/env bash
# naru bridge --check: it says what the bridge would find, and where acknowledged does not mean durable.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

look() { # TOPICS OPTIONS...: the findings in $WORK/found, the exit code in RC
    RC=0
    naru bridge --check --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" \
        --set "bridge.topics=$1" "${@:2}" >"$WORK/found" 2>"$WORK/error" || RC=$?
}

found() { # KIND TEXT: a finding of that kind holds the text
    grep -q "^$1 .*$2" "$WORK/found" || {
        cat "$WORK/found" "$WORK/error"
        return 1
    }
}

topic() { # NAME PARTITIONS:REPLICAS
    naru replay "$WORK/none.csv" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic "$2" --pace max --quiet
}

configure() { # TOPIC NAME=VALUE
    kafka_tool kafka.admin.ConfigCommand --alter --entity-type topics --entity-name "$1" --add-config "$2" >/dev/null
}

topics() {
    topic check-safe 6:3
    configure check-safe min.insync.replicas=2
    topic check-lonely 1:1
    topic check-hasty 1:3
    configure check-hasty min.insync.replicas=1
    configure check-hasty unclean.leader.election.enable=true
    look check-safe --set "bridge.dataset=$DATASET"
    check "a safe topic is well, with exit code 0" equal 0 "$RC"
    check "its partitions are told" found ok 'topic check-safe: 6 partitions, 3 replicas'
    check "no warning of it" test "$(grep -c '^warning *topic' "$WORK/found")" = 0
    check "its dead letters are told of" found ok 'check-safe.dlq: will be made'
    look '^check-.*' --set "bridge.dataset=$DATASET"
    check "a single replica is warned of" found warning 'check-lonely: 1 replica'
    check "one broker's word is warned of" found warning 'check-hasty: min.insync.replicas is 1'
    check "an unclean election is warned of" found warning 'check-hasty: unclean.leader'
    check "warnings are no errors" equal 0 "$RC"
    look check-absent --set "bridge.dataset=$DATASET"
    check "a topic that is not there is an error" found error 'check-absent: the brokers do not have it'
    check "with exit code 1" equal 1 "$RC"
    look check-safe --set "bridge.dataset=$DATASET" --set "bridge.dead_letter=file:$WORK/letters"
    check "dead letters in a file are warned of" found warning 'dead letters: in the file'
}

indices() {
    look check-safe --set "bridge.dataset=$DATASET"
    check "the index is found behind its alias" found ok 'index check-v1: is there'
    es check/_settings -XPUT -d '{"index.translog.durability":"async"}' >/dev/null
    look check-safe --set "bridge.dataset=$DATASET"
    check "translog async is warned of" found warning 'check-v1: index.translog.durability is async'
    es check/_settings -XPUT -d '{"index.translog.durability":"request"}' >/dev/null
    look check-safe --set "bridge.dataset=$DATASET"
    check "and no longer when it is mended" test "$(grep -c 'translog' "$WORK/found")" = 0
    check "no replica is warned of" found warning 'check-v1: index.number_of_replicas is 0'
    look check-safe --set bridge.index=check-v1
    check "an index where an alias is wanted is an error" found error 'is an index, not an alias'
    look check-safe --set bridge.index=check-v1 --set bridge.require_alias=false
    check "but not when none is wanted" equal 0 "$RC"
    look check-safe --set bridge.index=check-nowhere
    check "no index is an error" found error 'there is no such index or alias'
    look check-safe --set 'bridge.index=check-none-%{Date:%Y}'
    check "a pattern may match nothing yet" found ok 'check-none-\*: nothing of that name yet'
    es check-w1 -XPUT -d '{"aliases":{"check-many":{}}}' >/dev/null
    es check-w2 -XPUT -d '{"aliases":{"check-many":{}}}' >/dev/null
    look check-safe --set bridge.index=check-many
    check "an alias that cannot be written to is an error" found error 'stands for 2 indices'
}

servers() {
    look check-safe --set "bridge.dataset=$DATASET" --set elasticsearch.hosts=http://127.0.0.1:1
    check "no engine is an error, the topics are told all the same" found ok 'topic check-safe'
    check "by name" found error 'engine: http://127.0.0.1:1 does not answer'
    check "with exit code 1" equal 1 "$RC"
    look check-safe --set "bridge.dataset=$DATASET" --set kafka.bootstrap.servers=127.0.0.1:1
    check "no broker is an error, the engine is told all the same" found ok 'engine: '
    check "by name, too" found error 'kafka: .*127.0.0.1:1'
    look check-safe --set "bridge.dataset=$WORK/nowhere.json"
    check "an unusable configuration ends with 2" equal 2 "$RC"
}

echo '"Code","Name","Close","Dept","ChangeCode","Changes","ChagesRatio","Volume","Amount","Open","High","Low","Marcap","Stocks","Market","MarketId","Rank","Date"' >"$WORK/none.csv"
DATASET=$(own_dataset check)
topics
indices
servers
finish
