#!/usr/bin/env bash
# Between the bridge and a real engine stands a proxy that cuts, delays, repeats and refuses: each row is there once, and each
# fault really took place. First of all that the proxy does what it says.
#   NARU_TEST_SEED repeats the proxy's draws; printed
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=tests/live/faults.sh
source "$(dirname "$0")/faults.sh"

SEED=${NARU_TEST_SEED:-$RANDOM}


# One document with a time-out of 1 s: curl's exit code, the status, how many times the engine took it.
post_one() { # FAULT OPTIONS...
    local code=0 status
    es proxied -f -X PUT -d '{"settings": {"number_of_shards": 1}}' >/dev/null
    start_proxy "--$1" 100 --late-ms 1500 "${@:2}"
    status=$(printf '{"index":{"_id":"1"}}\n{"a":1}\n' | curl -s --noproxy '*' -m 1 -o "$WORK/answer" -w '%{http_code}' \
        -H 'Content-Type: application/x-ndjson' "$PROXY_ES/proxied/_bulk" --data-binary @-) || code=$?
    [[ $1 != late-request ]] || wait_until 20 is_there || true
    stop_proxy
    echo "$code $status $(es proxied/_doc/1 | jq '._version // 0') $(proxy_count "$1")"
    es proxied -X DELETE >/dev/null
}

is_there() { es proxied/_doc/1 -f -o /dev/null 2>/dev/null; }

proxy_itself() {
    check "the proxy cuts before" equal "52 000 0 1" "$(post_one cut-before)"
    check "and after the engine took it" equal "52 000 1 1" "$(post_one cut-after)"
    check "it truncates answers" equal "18 200 1 1" "$(post_one truncate)"
    check "it answers late" equal "28 000 1 1" "$(post_one late-answer)"
    check "it hands on late" equal "28 000 1 1" "$(post_one late-request)"
    check "it repeats" equal "0 200 2 1" "$(post_one repeat)"
    check "it is busy" equal "0 429 0 1" "$(post_one busy)"
    check "it is unavailable" equal "0 503 0 1" "$(post_one unavailable)"
}

ferry() { # INDEX
    naru bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$PROXY_ES" \
        --set "kafka.group.id=group-$1" --set bridge.topics=proxy --set "bridge.dataset=$WORK/$1.json" \
        --set admin.listen=off --set bridge.batch_bytes=64k --set bridge.retry_max_ms=500ms \
        --set elasticsearch.request_timeout_ms=1s --until-end
}

agree() { audit proxy "$1" --keep-zero-volume "$WORK"/history/*.csv; } # INDEX

behind() { # FAULT PERCENT
    local index=proxy-$1
    own_dataset "$index" >/dev/null
    start_proxy --seed "$SEED" "--$1" "$2" --late-ms 1200 --storm-ms 200
    check "$1: the bridge ends well" ferry "$index"
    stop_proxy
    check "$1: it took place" test "$(proxy_count "$1")" -gt 0
    check "$1: naru verify finds nothing" agree "$index"
}

echo "seed $SEED"
proxy_itself
naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-05-20 --stocks 600 --quiet
own_dataset proxy >/dev/null
replay proxy "$WORK"/history/*.csv --dataset "$WORK/proxy.json" --keep-zero-volume --pace max --quiet
for fault in cut-before cut-after truncate repeat unavailable; do behind $fault 40; done
for fault in late-answer late-request busy; do behind $fault 20; done
check "each second storm said when to come again" test "$(proxy_count retry-after)" -gt 0
finish
