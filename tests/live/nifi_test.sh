#!/usr/bin/env bash
# The seed's NiFi flow, imported and run: real records from Kafka into the index nifi-elk, of type json where the engine
# has types, and naru verify compares them one by one.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

FLOWS=${NARU_SHARED:-$LIVE_ROOT/../shared}/nifi-flows
TOPIC=nifi-stock-$$ # a lab that stands may have seen this test before
INDEX=nifi-elk # the flow's own

# What differs from the flow's machines: where the servers are, and the topic of this test.
OVER=(--set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES"
    --set "bridge.topics=$TOPIC" --set kafka.auto.offset.reset=earliest --set kafka.session.timeout.ms=6000)

remove_index() { es "$INDEX?ignore_unavailable=true" -X DELETE >/dev/null; }

send_rows() {
    if compgen -G "$DATA/marcap-2022.csv.gz" >/dev/null; then
        replay "$TOPIC" "$DATA/marcap-2022.csv.gz" --top 20 --pace max --quiet
    else
        naru generate --out - --from 2022-01-03 --to 2022-01-31 --stocks 30 --quiet >"$WORK/rows.csv"
        replay "$TOPIC" "$WORK/rows.csv" --keep-zero-volume --pace max --quiet
    fi
}

same_documents() { # GROUP
    equal "$ROWS" "$(documents "$INDEX")" &&
        naru verify --topic "$TOPIC" --index "$INDEX" --group "$1" "${OVER[@]}" -c "$WORK/nifi.conf"
}

index_type() {
    es "$INDEX/_mapping?include_type_name=true" | jq -r ".\"$INDEX\".mappings | keys[0]"
}

run_logged() { # FILE COMMAND...
    "${@:2}" >"$1" 2>&1
}

imported_and_run() {
    check "flow.xml.gz of NiFi 1.9.2 is convertible" naru nifi check "$FLOWS/flow-1.9.2.xml.gz"
    check "and imported" naru nifi import "$FLOWS/flow-1.9.2.xml.gz" --out "$WORK/nifi.conf"
    remove_index
    check "its configuration carries the topic's records" naru bridge -c "$WORK/nifi.conf" "${OVER[@]}" \
        --set "kafka.group.id=group-$TOPIC-1" --set admin.listen=off --until-end
    check "each record is a document, and the same" same_documents group-"$TOPIC"-1
    if [[ $(es "" | jq -r .version.number) == 7.* ]]; then
        check "of type json" equal json "$(index_type)"
    fi
}

run_at_once() {
    remove_index
    check "naru bridge --nifi runs a flow definition of NiFi 2.11" run_logged "$WORK/bridge.log" \
        naru bridge --nifi "$FLOWS/flowdef-2.11.0.json" "${OVER[@]}" --set "kafka.group.id=group-$TOPIC-2" \
        --set admin.listen=off --until-end
    check "LogAttribute tells of each record that is stored" equal "$ROWS" \
        "$(grep -c 'LogAttribute.* logging for flow file' "$WORK/bridge.log")"
    check "each record is a document, and the same" same_documents group-"$TOPIC"-2
}

main() {
    if [[ ! -d $FLOWS ]]; then
        skip "the seed's flow runs" "no flows in $FLOWS"
        return
    fi
    send_rows
    ROWS=$(records "$TOPIC")
    imported_and_run
    run_at_once
    remove_index
    kafka_tool org.apache.kafka.tools.TopicCommand --delete --topic "$TOPIC" >/dev/null
}

main
finish
