#!/usr/bin/env bash
# What a NiFi flow did on the way, on real servers: fields become attributes, arrays documents, attributes indices, ids and
# operations; the type stands where engines take one; what was stored is logged as NiFi's LogAttribute did.
# shellcheck disable=SC2016 # expressions are NiFi's, not the shell's
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

ferry() { # TOPIC SETTINGS...: until its end
    local settings=()
    for setting in "${@:2}"; do
        settings+=(--set "$setting")
    done
    naru bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" \
        --set "kafka.group.id=group-$1-$RANDOM" --set "bridge.topics=$1" --set bridge.require_alias=false \
        --set kafka.session.timeout.ms=6000 --set admin.listen=off --until-end "${settings[@]}" 2>"$WORK/$1.log"
}

# A topic of one partition, since operations on one id must come in their order.
send() { # TOPIC LINES, key and value with a tab between
    naru replay --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 1:3 --dataset marcap --quiet --pace max \
        --from 1990-01-01 --to 1990-01-02 "$WORK"/history/*.csv
    kcat -b "$NARU_TEST_BROKERS" -t "$1" -P -K '	' -Z -p 0 <<<"$2"
}

source_of() { es "$1/_doc/$2" | jq -c ._source; } # INDEX ID

stored() { es "$1/$2/$3" | jq -c ._source; } # INDEX TYPE ID

ended() { grep -o 'msg=ended.*' "$WORK/$1.log"; } # TOPIC

splits() {
    send shapes '7	{"day":"2021-02-09","rows":[{"code":"A","v":1.10},{"code":"B","v":9007199254740993}]}
8	{"day":"2021-02-10","rows":[{"code":"A","v":3}]}
9	{"day":"2021-02-10","rows":[]}
10	nonsense'
    check "the bridge ends well" ferry shapes 'transform.step.1=evaluate-json day=$.day' \
        'transform.step.2=split-json $.rows[*]' 'transform.step.3=evaluate-json code=$.code' \
        'transform.step.4=update-attribute month=${day:substring(0,7)}' 'bridge.index=shapes-%{attr:month}' \
        'bridge.id=%{attr:code}-%{attr:day}-%{_split}' 'transform.after.1=log attributes=code payload=true'
    check "each element is a document, its number as it was" equal '{"code":"B","v":9007199254740993}' \
        "$(es shapes-2021-02/_doc/B-2021-02-09-1 | grep -o '"_source":.*}' | sed 's/"_source"://; s/}$//')"
    check "under an id made of attributes" equal '{"code":"A","v":3}' "$(source_of shapes-2021-02 A-2021-02-10-0)"
    check "and no others" equal 3 "$(documents shapes-2021-02)"
    check "a record ends once" grep -q 'consumed=4 created=2 .*dead_lettered=1 skipped=1' <<<"$(ended shapes)"
    check "what was stored is logged, a block each" equal 3 "$(grep -c 'LogAttribute\[id=naru\] logging' "$WORK/shapes.log")"
    check "with its payload" grep -qx '{"code":"A","v":3}' "$WORK/shapes.log"
}

operations() {
    send acts '1	{"op":"create","a":1,"b":1}
1	{"op":"create","a":2}
1	{"op":"update","a":3}
2	{"op":"update","a":4}
3	{"op":"upsert","a":5}
3	{"op":"upsert","b":6}
4	{"op":"index","a":7}
4	{"op":"delete"}
5	{"op":"explode"}'
    check "the bridge ends well" ferry acts 'transform.step.1=evaluate-json op=$.op' 'bridge.index=acts' \
        'bridge.id=%{_key}' 'bridge.op=%{attr:op}' bridge.batch_docs=1 bridge.max_in_flight=1
    check "created once, then updated in part" equal '{"op":"update","a":3,"b":1}' "$(source_of acts 1)"
    check "upserted" equal '{"op":"upsert","a":5,"b":6}' "$(source_of acts 3)"
    check "deleted" equal null "$(source_of acts 4)"
    check "all is accounted for" grep -q \
        'consumed=9 created=3 updated=2 duplicate=1 deleted=1 dead_lettered=2' <<<"$(ended acts)"
}

types() {
    local log="$WORK/typed.log"
    send typed '1	{"a":1}'
    check "the bridge ends well" ferry typed bridge.index=typed 'bridge.id=%{_key}' bridge.type=json
    if [[ $(es '' | jq -r '.version.number // "9"') == 7.* ]]; then
        check "the type is there" equal '{"a":1}' "$(stored typed json 1)"
    else
        check "the type is left out" equal '{"a":1}' "$(stored typed _doc 1)"
        check "and that is said" grep -q 'bridge.type is left out' "$log"
    fi
}

main() {
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-05-03 --stocks 1 --quiet
    splits
    operations
    types
    es 'shapes-2021-02,acts,typed?ignore_unavailable=true' -X DELETE >/dev/null
    finish
}

main "$@"
