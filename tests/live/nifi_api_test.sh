#!/usr/bin/env bash
# NiFi's status endpoints of a bridge under load: their bodies have the shapes of NiFi's own, key by key, and when all is done
# their sums agree with the ledger. The shapes are those of ../shared/nifi-flows/rest.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

watch_endpoints() { # PORT FOLDER
    env -i PATH="$PATH" HOME="$WORK" python3 "$LIVE_ROOT/tests/live/nifi_watch.py" "$1" "$2"
}

start_bridge() { # PORT OPTIONS...
    bridge nifi-api "$WORK/nifi-api.json" --set "admin.listen=127.0.0.1:$1" --set bridge.max_dead_letter_share=100 \
        "${@:2}" >"$WORK/bridge.log" 2>&1 &
    BRIDGE=$!
}

answers() { curl -fsS --noproxy '*' -o "$WORK/answer" "http://127.0.0.1:$1$2"; } # PORT PATH

is_off() { ! answers "$1" /nifi-api/flow/status; }

stop_bridge() {
    pkill -TERM -P "$BRIDGE"
    wait "$BRIDGE"
}

# What the mapping refuses, a tombstone, and what a step refuses.
send_odd_ones() {
    printf '%s\n' 'bad:{"Date":"1995-05-02","Code":"bad","Close":"much"}' 'gone:' 'none:no JSON' |
        kcat -b "$NARU_TEST_BROKERS" -t nifi-api -P -K : -Z
}

main() {
    local port shapes="${NARU_SHARED:-$LIVE_ROOT/../shared}/nifi-flows/rest"
    port=$(free_port)
    if [[ ! -d $shapes ]]; then
        skip "NiFi's shapes" "they are not in $shapes"
        finish
        return
    fi
    own_dataset nifi-api >/dev/null
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-07-31 --stocks 400 --quiet
    check "the topic is there" replay nifi-api "$WORK"/history/*.csv --dataset "$WORK/nifi-api.json" --keep-zero-volume \
        --pace max --quiet --to 1995-05-03
    start_bridge "$port"
    check "the bridge answers" wait_until 60 answers "$port" /status
    check "without admin.nifi_api there is nothing of it" is_off "$port"
    check "it ends well" stop_bridge
    start_bridge "$port" --set admin.nifi_api=true --set 'transform.step.1=convert-json' \
        --set 'transform.step.2=evaluate-json code=$.Code' --set 'transform.after.1=log level=debug' \
        --set 'nifi.group=5e72fa71-5acf-3468-81fb-2fa97176e206 "NiFi Flow"' \
        --set 'nifi.processor.1=8fc43246-b513-3025-b1b6-13410c629603 org.apache.nifi.processors.kafka.pubsub.ConsumeKafka_2_0 -' \
        --set 'nifi.processor.2=3f678694-b829-374f-b402-b93d48ee5cca org.apache.nifi.processors.elasticsearch.PutElasticsearchHttp "to the index"' \
        --set 'kafka.group.id=group-nifi-api-again'
    check "the endpoints are there" wait_until 60 answers "$port" /nifi-api/flow/status
    replay nifi-api "$WORK"/history/*.csv --dataset "$WORK/nifi-api.json" --keep-zero-volume --pace 20000/s --quiet \
        --from 1995-05-04 2>"$WORK/replay.log" &
    local load=$!
    check "odd ones are sent" send_odd_ones
    check "the bodies under load, and the sums" watch_endpoints "$port" "$shapes"
    check "the load went well" wait $load
    check "it ends well again" stop_bridge
    finish
}

main "$@"
