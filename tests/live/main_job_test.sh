#!/usr/bin/env bash
# The main job on real rows: CSV -> Kafka -> Elasticsearch, each row once, exact.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

first_twenty_of_2022() {
    local dataset
    dataset=$(own_dataset mainjob)
    check "replay sends the first 20 of each day" \
        replay mainjob "$DATA/marcap-2022.csv.gz" --dataset "$dataset" --top 20 --pace max
    check "the topic holds 620 records" equal 620 "$(records mainjob)"
    check "the bridge ends when all is committed" bridge mainjob "$dataset" --until-end
    check "the index holds 620 documents" equal 620 "$(documents mainjob)"
    es mainjob/_doc/2022-01-03-005930 >"$WORK/samsung.json"
    check "an id is date and code, Marcap is exact" \
        equal 469224908430000 "$(jq -r ._source.Marcap "$WORK/samsung.json")"
    check "Marcap is a whole number in the source text" grep -q '"Marcap":469224908430000,' "$WORK/samsung.json"
    check "the Korean name is intact" equal 삼성전자 "$(jq -r ._source.Name "$WORK/samsung.json")"
    check "a second replay and bridge run" \
        replay mainjob "$DATA/marcap-2022.csv.gz" --dataset "$dataset" --top 20 --pace max
    check "... end well" bridge mainjob "$dataset" --until-end
    check "the index still holds 620 documents" equal 620 "$(documents mainjob)"
}

all_rows_of_three_files() {
    local dataset
    dataset=$(own_dataset allrows)
    check "all rows of 2022 are sent" \
        replay allrows "$DATA/marcap-2022.csv.gz" --dataset "$dataset" --keep-zero-volume --pace max
    check "and ferried" bridge allrows "$dataset" --until-end
    check "80,918 rows of 2022 are 80,918 documents" equal 80918 "$(documents allrows)"
    check "three files with different column orders are sent" \
        replay allrows "$DATA"/marcap-{2022,2023,2025}.csv.gz --dataset "$dataset" --keep-zero-volume --pace max
    check "and ferried" bridge allrows "$dataset" --until-end
    check "233,425 rows are 233,425 documents" equal 233425 "$(documents allrows)"
    check "the sum of all volumes is the CSV's" equal \
        "$(python3 "$LIVE_ROOT/tests/live/column_sum.py" Volume "$DATA"/marcap-*.csv.gz)" "$(sum_of allrows Volume)"
    check "each number of each row comes back as the CSV has it, character by character" \
        python3 "$LIVE_ROOT/tests/live/exact_rows.py" "$NARU_TEST_ES" allrows "$DATA"/marcap-{2022,2023,2025}.csv.gz
    check "the sum of all market values is the CSV's" equal \
        "$(python3 "$LIVE_ROOT/tests/live/column_sum.py" Stocks "$DATA"/marcap-*.csv.gz)" "$(sum_of allrows Stocks)"
}

generated_history() {
    local dataset
    dataset=$(own_dataset generated)
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1999-12-31 --stocks 40 --quiet
    check "a generated history is sent" \
        replay generated "$WORK"/history/*.csv --dataset "$dataset" --keep-zero-volume --pace max --quiet
    check "and ferried" bridge generated "$dataset" --until-end --quiet
    check "each generated row is a document" equal \
        "$(cat "$WORK"/history/*.csv | grep -c '^"[0-9]')" "$(documents generated)"
}

# The pages of a bridge that has done its work and waits for more.
what_it_shows() {
    local pid page=http://127.0.0.1:29464
    bridge generated "$WORK/generated.json" --set kafka.group.id=shows --set "admin.listen=${page#http://}" --quiet &
    pid=$!
    check "/status: all records have ended" wait_until 60 all_ended "$page" "$(documents generated)"
    check "/status: the ledger's equation holds for each partition" jq -e '[.ledger, .partitions[]] | all(.consumed ==
        .created + .updated + .duplicate + .deleted + .dead_lettered + .skipped + .released + .pending)' "$WORK/status"
    check "/status: the partitions add up to the ledger" \
        jq -e '.ledger.consumed == ([.partitions[].consumed] | add) and .phase == "running"' "$WORK/status"
    check "/metrics: the same count" equal "$(jq .ledger.consumed "$WORK/status")" \
        "$(page metrics | awk '/^naru_records_consumed_total/ { sum += $2 } END { print sum }')"
    check "/healthz" equal ok "$(page healthz)"
    check "/readyz" equal ready "$(page readyz)"
    pkill -TERM -P $pid || true
    check "SIGTERM ends it with exit code 0" wait $pid
}

page() { curl -sS --noproxy '*' "http://127.0.0.1:29464/$1"; }

all_ended() {
    page status >"$WORK/status" 2>/dev/null && jq -e --argjson n "$2" '.ledger.consumed == $n and .ledger.pending == 0 and
        ([.partitions[] | .frontier == .high] | all)' "$WORK/status" >/dev/null
}

if [[ -f $DATA/marcap-2022.csv.gz ]]; then
    first_twenty_of_2022
    all_rows_of_three_files
else
    skip "the real rows" "$DATA has no marcap-2022.csv.gz"
fi
generated_history
what_it_shows
finish
