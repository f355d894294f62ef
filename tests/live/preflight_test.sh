#!/usr/bin/env bash
# naru mappings plan --preflight, held against what a real engine and a real bridge do with the same records.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

TRUTH=$LIVE_ROOT/tests/live/preflight_truth.py
OURS=preflight-$(date +%s) # of this run: a topic cannot be emptied
RC=0

# preflight DATASET SOURCE OPTIONS...: output in $WORK/out, errors in $WORK/err, the exit code in RC.
preflight() {
    RC=0
    timeout 300 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" mappings plan "$1" --preflight "$2" \
        --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" "${@:3}" >"$WORK/out" 2>"$WORK/err" || RC=$?
}

tells() { # EXIT_CODE LINES...; white space counts as one blank
    local code=$1 line
    shift
    cat "$WORK/out" "$WORK/err"
    equal "$code" "$RC"
    for line in "$@"; do
        cat "$WORK/out" "$WORK/err" | tr -s ' ' | grep -qF -- "$line" || {
            echo "it does not say: $line"
            return 1
        }
    done
}

# A topic of one partition, empty.
make_topic() { # TOPIC
    replay_none() {
        naru replay "$WORK/none.csv" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 1:3 --pace max --quiet
    }
    naru generate --out "$WORK/none" --from 2020-01-02 --to 2020-01-02 --stocks 1 --quiet --force
    head -1 "$WORK/none/marcap-2020.csv" >"$WORK/none.csv"
    replay_none "$1"
}

real_rows() {
    local file rows=0
    for file in "$DATA"/marcap-{2022,2023,2025}.csv.gz; do
        preflight marcap "$file" --records 0 --json
        check "${file##*/}: none would be refused" equal "0 0 true" "$RC $(jq -r '"\(.refused) \(.all)"' "$WORK/out")"
        rows=$((rows + $(jq .records "$WORK/out")))
    done
    check "233,425 rows were looked at" equal 233425 "$rows"
    check "the first 20 of each day of 2022 as records" replay "$OURS-rows" "$DATA/marcap-2022.csv.gz" --top 20 --pace max --quiet
    preflight marcap "topic:$OURS-rows"
    check "none of them would be refused" tells 0 "All 620 records of $OURS-rows" "none would be refused" "Fields: 19 of 1000"
    preflight marcap "topic:$OURS-rows" --records 7
    check "no more than asked for" tells 0 "The first 7 records of $OURS-rows"
}

# Each kind of field with each kind of value, and documents that are wrong as such: what the engine refuses, and nothing else.
every_way_to_be_wrong() {
    local name=$OURS-truth
    "$TRUTH" make "$name" "$WORK"
    make_topic "$name"
    kcat -P -b "$NARU_TEST_BROKERS" -t "$name" -K '	' -l "$WORK/records" -X acks=all
    preflight "$WORK/$name.json" "topic:$name" --records 0 --json
    cp "$WORK/out" "$WORK/report.json"
    check "the preflight comes before index and template" equal 404 \
        "$(es "$name" -o /dev/null -w '%{http_code}')"
    check "records of all kinds have been looked at" equal 1 "$RC"
    naru mappings apply "$WORK/$name.json" --set "elasticsearch.hosts=$NARU_TEST_ES" >/dev/null
    check "the engine was given the same" "$TRUTH" engine "$NARU_TEST_ES" "$name" "$WORK"
    check "it refuses what was foretold, each record" "$TRUTH" compare "$WORK" "$WORK/report.json"
}

# Records that fail before the engine sees them: what the bridge puts away is what was foretold.
what_the_bridge_refuses() {
    local name=$OURS-bridge dataset long
    make_topic "$name"
    dataset=$(own_dataset "$name")
    long=$(printf 'x%.0s' {1..520})
    {
        echo '{"Date":"2022-01-03","Code":"000001","Volume":1}'
        echo '{"Date":"2022-01-03","Volume":1}'
        echo '{"Date":"2022-01-03","Code":null}'
        echo '{"Date":"2022-01-03","Code":["a"]}'
        echo "{\"Date\":\"2022-01-03\",\"Code\":\"$long\"}"
        echo '{"Date":"2022-01-03","Code":"000002","Volume":1.5}'
        echo '{"Date":"2022-01-03","Code":"000003","Sector":"x"}'
        echo '{"Date":"2022-13-01","Code":"000004"}'
        echo 'not JSON'
        echo '{"Date":"2022-01-03","Code":"000005","Close":"12.5"}'
        echo '{"Date":"2022-01-03","Code":"000006"'
        echo '{"Date":"03.01.2022","Code":"000007"}'
    } | kcat -P -b "$NARU_TEST_BROKERS" -t "$name" -X acks=all
    echo 000008: | kcat -P -b "$NARU_TEST_BROKERS" -t "$name" -K : -Z -X acks=all
    preflight "$dataset" "topic:$name" --json
    jq -r '.places[]' "$WORK/out" | sort >"$WORK/foretold"
    check "a tombstone is skipped" equal "1 13" "$(jq -r '"\(.skipped) \(.records)"' "$WORK/out")"
    preflight "$dataset" "topic:$name"
    check "by field and reason" tells 1 "bridge id 2 the field 'Code' is" "bridge id 1 N bytes long, at most N are allowed" \
        "engine Volume 1 cannot be converted to Long without data loss $name-0-5: 1.5" \
        "engine Sector 1 strict_dynamic_mapping_exception" "engine Date 1 failed to parse date field with format [strict_date]" \
        "- Date 1 no day of the calendar: another is stored" "9 of 13 would be refused"
    check "the bridge takes them" bridge "$name" "$dataset" --until-end --quiet --max-dead-letter-share 100
    naru dlq list --topic "$name.dlq" --brokers "$NARU_TEST_BROKERS" --json |
        jq -r '"\(.topic)-\(.partition)-\(.offset)"' | sort >"$WORK/letters"
    check "what it puts away was foretold" diff "$WORK/foretold" "$WORK/letters"
    check "... and is not nothing" equal 9 "$(wc -l <"$WORK/letters")"
}

csv_rows() {
    {
        echo 'Code,Name,Market,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date'
        echo '000001,A,KOSPI,1.5,1,0,0,1,1,1,5.0,5,5,5,STK,1,2022-01-03'
        echo '000002,A,KOSPI,abc,1,0,0,1,1,1,5,5,5,5,STK,1,2022-01-03'
        echo '000003,A,KOSPI,1,1,0,0,1,1,1,5.5,5,5,5,STK,1,2022-01-03'
        echo '000004,A,KOSPI,1,1,0,0,1,1,1,6.5,5,5,5,STK,1,2022-01-03'
        echo '000005,A,KOSPI,1,1,0,0,1,1,1,5,5,5,5,STK,1,2022-02-30'
        echo '000006,A,KOSPI,1'
        echo ',A,KOSPI,1,1,0,0,1,1,1,5,5,5,5,STK,1,2022-01-01'
        printf '000008,%s,KOSPI,1,1,0,0,1,1,1,0,5,5,5,STK,1,2021-01-01\n' "$(printf 'n%.0s' {1..32767})"
    } >"$WORK/bad.csv"
    preflight marcap "$WORK/bad.csv"
    check "rows of a CSV, in any order" tells 1 "All 8 records of $WORK/bad.csv" \
        "replay Volume 2 is not a whole number $WORK/bad.csv:4: 5.5" "replay Close 1" "$WORK/bad.csv:3: abc" \
        "replay Date 1 is not a date that exists" "replay Code 1 empty" "engine Name 1 immense term" "7 of 8 would be refused"
}

field_headroom() {
    jq '.name = "preflight-room" | .index = "preflight-room" | .elasticsearch.dynamic = "true" |
        .elasticsearch.settings["mapping.total_fields.limit"] = 21' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/room.json"
    make_topic "$OURS-room"
    for field in a b c a; do
        echo "{\"Date\":\"2022-01-03\",\"Code\":\"1\",\"$field\":1}"
    done | kcat -P -b "$NARU_TEST_BROKERS" -t "$OURS-room" -X acks=all
    preflight "$WORK/room.json" "topic:$OURS-room"
    check "fields that records bring are counted" tells 1 "Fields: 19 of 21" "3 more that the records bring (dynamic is on): a, b, c" \
        "1 over the limit"
}

what_is_wrong() {
    preflight marcap "$WORK/nosuch.csv"
    check "no such file" tells 1 "nosuch.csv: there is no such file"
    preflight marcap topic:preflight-nosuch
    check "no such topic" tells 1 "topic preflight-nosuch does not exist"
    preflight marcap topic:
    check "no name" tells 2 "topic: has no name"
    preflight trade "$WORK/bad.csv"
    check "another dataset's file" tells 1 "header has no column symbol"
    preflight marcap "$WORK/bad.csv" --records many
    check "no number" tells 2 "--records"
    RC=0
    naru mappings plan marcap --records 5 >"$WORK/out" 2>"$WORK/err" || RC=$?
    check "--records alone" tells 2 "--preflight"
    RC=0
    naru mappings apply marcap --preflight "$WORK/bad.csv" >"$WORK/out" 2>"$WORK/err" || RC=$?
    check "not with apply" tells 2 "--preflight means nothing to apply"
}

if [[ -f $DATA/marcap-2022.csv.gz ]]; then
    real_rows
else
    skip "the real rows" "$DATA has no marcap-2022.csv.gz"
fi
every_way_to_be_wrong
what_the_bridge_refuses
csv_rows
field_headroom
what_is_wrong
finish
