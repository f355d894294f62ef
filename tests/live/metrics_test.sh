#!/usr/bin/env bash
# The bridge's own metrics in an index of naru's: written while it runs and when it ends, refused without a record held up.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

NAME=metrics$$
INDEX=naru-test-$NAME
TOPIC=$NAME
ROWS=400
readonly NAME INDEX TOPIC ROWS

# A field of the newest document.
newest() { # FIELD
    es "$INDEX/_refresh" >/dev/null
    es "$INDEX/_search?size=1" -d '{"sort":[{"@timestamp":"desc"}]}' | jq -r ".hits.hits[0]._source[\"$1\"]"
}

# Before the index is there, documents says null.
count_at_least() { [[ $(documents "$INDEX") != null && $(documents "$INDEX") -ge $1 ]]; }

log_says() { grep -qF -- "$1" "$WORK/bridge.log"; }

consumed_so_far() { [[ $(documents "$NAME") == "$1" ]]; }

start_bridge() {
    bridge "$TOPIC" "$WORK/$NAME.json" --metrics-index "$INDEX" --set admin.metrics_interval_ms=200 \
        >"$WORK/bridge.log" 2>&1 &
    BRIDGE=$!
}

end_bridge() {
    pkill -TERM -P "$BRIDGE" # a shell of ours, and under it the bridge
    wait "$BRIDGE"
}

rows() { # FROM_DAY TO_DAY: of the generated history, a day has 20 rows
    naru generate --out - --from "$1" --to "$2" | replay "$TOPIC" - --pace max
}

own_dataset "$NAME" >/dev/null
rows 2019-01-02 2019-01-29 >/dev/null 2>&1 # twenty trading days
start_bridge
check 'the rows are ferried' wait_until 60 consumed_so_far $ROWS
check 'documents come while it runs' wait_until 60 count_at_least 3
check 'the bridge stops in good order' end_bridge

# The ledger of the log's last line and the last document say the same.
last_line=$(grep -F 'msg=ended' "$WORK/bridge.log")
check 'the last document tells how it ended' equal 'done' "$(newest phase)"
check '... what was consumed' equal "$ROWS" "$(newest consumed)"
for pair in created:created updated:updated duplicate:duplicates dead_lettered:dead_lettered pending:pending; do
    check "... ${pair#*:}, as the log says it" equal \
        "$(grep -oE " ${pair%:*}=[0-9]+" <<<"$last_line" | cut -d= -f2)" "$(newest "${pair#*:}")"
done
check '... and whose it is' equal "group-$TOPIC" "$(newest group)"

mapping=$(es "$INDEX/_mapping")
check 'amounts are long' equal long "$(jq -r '.[].mappings.properties.consumed.type' <<<"$mapping")"
check 'rates are double' equal double "$(jq -r '.[].mappings.properties.per_s.type' <<<"$mapping")"
check 'time is a date' equal date "$(jq -r '.[].mappings.properties["@timestamp"].type' <<<"$mapping")"
check 'every field that is written has a mapping' equal '' \
    "$(jq -n --argjson m "$mapping" --argjson d "$(es "$INDEX/_search?size=1")" \
        '($d.hits.hits[0]._source | keys) - ($m | to_entries[0].value.mappings.properties | keys) | join(" ")' -r)"
check 'naru owns it' equal naru "$(jq -r '.[]._meta.managed_by // .[].mappings._meta.managed_by' <<<"$mapping")"
check 'the name is an alias' equal "$INDEX-v1" "$(es "_alias/$INDEX" | jq -r 'keys[0]')"

# An index that takes no documents: the records pass, the log says it once.
es "$INDEX-v1/_settings" -X PUT -d '{"index.blocks.write":true}' >/dev/null
start_bridge
check 'refused metrics are said' wait_until 60 log_says 'metrics are not indexed; records are not held up'
rows 2019-01-30 2019-02-01 >/dev/null 2>&1
check '... and hold up no record' wait_until 60 consumed_so_far $((ROWS + 60))
es "$INDEX-v1/_settings" -X PUT -d '{"index.blocks.write":null}' >/dev/null
check 'they go on when the index takes them again' wait_until 60 log_says 'metrics are indexed again'
check 'the log had one line about it' equal 1 "$(grep -cF 'metrics are not indexed' "$WORK/bridge.log")"
check 'the bridge stops in good order again' end_bridge

# What somebody else made is left alone.
foreign=naru-test-foreign$$
es "$foreign" -X PUT >/dev/null
bridge "$TOPIC" "$WORK/$NAME.json" --set "admin.metrics_index=$foreign" --set admin.metrics_interval_ms=200 \
    >"$WORK/bridge.log" 2>&1 &
BRIDGE=$!
check "an index of another owner is named" wait_until 60 log_says "index=$foreign"
check 'the bridge stops in good order a third time' end_bridge
check '... and nothing was written into it' equal 0 "$(documents "$foreign")"

es "$INDEX-v1,$NAME-v1,$foreign" -X DELETE >/dev/null
es "_index_template/naru-$INDEX" -X DELETE >/dev/null
es "_index_template/naru-$NAME" -X DELETE >/dev/null
finish
