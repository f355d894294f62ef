#!/usr/bin/env bash
# The proof: it agrees when all is well, and finds and names each thing that is broken on purpose.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

TOPIC=verify
RC=0

# verify ARGUMENTS...: its output is in $WORK/out, its exit code in RC.
verify() {
    RC=0
    timeout 300 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" verify --brokers "$NARU_TEST_BROKERS" \
        --set "elasticsearch.hosts=$NARU_TEST_ES" "$@" >"$WORK/out" 2>&1 || RC=$?
}

# Exit code, and lines that must be in the output; white space counts as one blank.
tells() { # EXIT_CODE LINES...
    local code=$1 line
    shift
    cat "$WORK/out"
    equal "$code" "$RC"
    for line in "$@"; do
        tr -s ' ' <"$WORK/out" | grep -qF -- "$line" || {
            echo "it does not say: $line"
            return 1
        }
    done
}

# All three of top 20 of 2022, with more options.
verify_top() {
    verify "$WORK/top.csv" --topic "$TOPIC" --index "$TOPIC" --group "group-$TOPIC" --dataset "$DATASET" "$@"
}

put() { # ID DOCUMENT
    es "$TOPIC/_doc/$1?refresh=true" -X PUT -d "$2" >/dev/null
}

# The document's raw text, so that no tool rewrites its numbers.
raw() { # ID
    es "$TOPIC/_source/$1"
}

produce() { # KEY VALUE [TOPIC]
    printf '%s\n' "$2" | kcat -P -b "$NARU_TEST_BROKERS" -t "${3:-$TOPIC}" -k "$1" -X acks=all
}

# The 620 rows as a file of their own, so that a row can be taken from it.
top_rows() {
    zcat "$DATA/marcap-2022.csv.gz" | python3 -c 'import csv, sys
rows = csv.reader(sys.stdin)
header = next(rows)
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(header)
rank, volume = header.index("Rank"), header.index("Volume")
for row in rows:
    if int(float(row[rank])) <= 20 and float(row[volume]) != 0:
        out.writerow(row)' >"$WORK/top.csv"
}

all_is_well() {
    check "replay of the first 20 of each day" \
        replay "$TOPIC" "$DATA/marcap-2022.csv.gz" --dataset "$DATASET" --top 20 --pace max --quiet
    check "and the bridge" bridge "$TOPIC" "$DATASET" --until-end --quiet
    verify "$DATA/marcap-2022.csv.gz" --top 20 --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET" \
        --group "group-$TOPIC" --report "$WORK/report.json"
    check "all three agree" tells 0 'read 620 620 620' 'distinct ids 620 620 620' 'missing - 0 0' 'extra - 0 0' \
        'different - 0 0' 'all agree'
    check "the report says so" equal 'true 620 620 620' \
        "$(jq -r '"\(.agree) \(.csv.ids) \(.topic.ids) \(.index.ids)"' "$WORK/report.json")"
    verify_top
    check "the same rows from a file of their own" tells 0 'all agree'
    verify "$WORK/top.csv" --topic "$TOPIC" --dataset "$DATASET"
    check "CSV and topic" tells 0 'read 620 620' 'all agree'
    verify "$WORK/top.csv" --index "$TOPIC" --dataset "$DATASET"
    check "CSV and index" tells 0 'read 620 620' 'all agree'
    verify --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET"
    check "topic and index" tells 0 'read 620 620' 'all agree'
    verify "$WORK/top.csv" --set "bridge.topics=$TOPIC" --set "bridge.dataset=$DATASET" \
        --set "kafka.group.id=group-$TOPIC"
    check "by the configuration alone" tells 0 'read 620 620 620' 'all agree'
}

# Each is broken, found, and put right again.
a_document_is_lost() {
    local source
    source=$(raw 2022-01-03-005930)
    es "$TOPIC/_doc/2022-01-03-005930?refresh=true" -X DELETE >/dev/null
    verify_top
    check "a lost document is missing" tells 1 'read 620 620 619' 'missing - 0 1' 'missing in the index: 1' \
        '2022-01-03-005930 (' 'top.csv:2)' '1 difference'
    verify --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET"
    check "... also without the CSV" tells 1 'missing in the index: 1' '2022-01-03-005930 (partition'
    put 2022-01-03-005930 "$source"
    verify_top
    check "put back, all agree" tells 0 'all agree'
}

a_field_is_changed() {
    local source
    source=$(raw 2022-01-03-005930)
    put 2022-01-03-005930 "${source/469224908430000/469224908430001}"
    verify_top --report "$WORK/report.json"
    check "a Marcap off by one won is found" tells 1 'different - 0 1' \
        'Marcap: CSV 469224908430000, index 469224908430001' '1 difference'
    check "and reported" equal 'index_different 2022-01-03-005930 Marcap 469224908430000 469224908430001' \
        "$(jq -r '.examples[0] | "\(.finding) \(.id) \(.fields[0].name) \(.fields[0].wanted) \(.fields[0].found)"' \
            "$WORK/report.json")"
    verify --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET"
    check "... also without the CSV" tells 1 'Marcap: topic 469224908430000, index 469224908430001'
    put 2022-01-03-005930 "${source/\"Rank\":1,/}"
    verify_top
    check "a field that is gone is found" tells 1 'Rank: CSV 1, index (none)'
    put 2022-01-03-005930 "${source/469224908430000/46922490843.00e4}"
    verify_top
    check "another spelling of the number is none" tells 0 'all agree'
    put 2022-01-03-005930 "$source"
}

a_foreign_document() {
    put foreign "$(raw 2022-01-03-000660)"
    verify_top
    check "a foreign document is extra" tells 1 'extra - 0 1' 'in the index, and should not be: 1' 'foreign ('
    es "$TOPIC/_doc/foreign?refresh=true" -X DELETE >/dev/null
}

a_record_twice() {
    local source
    source=$(raw 2022-01-04-005930)
    produce 005930 "$source"
    verify_top
    check "a record sent twice is a note" tells 0 'read 620 621 620' 'duplicated 0 1 0' \
        'duplicated in the topic, with the same content: 1' '2022-01-04-005930 (partition' 'all agree'
    produce 005930 "${source/\"Rank\":1,/\"Rank\":2,}"
    verify_top
    check "with other content it is a difference" tells 1 'contradicting 0 1 -' 'different - 1 0' \
        'Rank: CSV 1, record 2' 'records are behind what group'
    check "the bridge takes it" bridge "$TOPIC" "$DATASET" --until-end --quiet
    verify_top
    check "then the index differs, too" tells 1 'different - 1 1' 'Rank: CSV 1, index 2'
    produce 005930 "$source"
    check "sent right again" bridge "$TOPIC" "$DATASET" --until-end --quiet
    verify_top
    check "only the contradiction stays" tells 1 'different - 0 0' 'contradicting 0 1 -' '1 difference'
}

a_row_less() {
    grep -v '^"\?000660"\?,.*2022-01-05' "$WORK/top.csv" >"$WORK/less.csv"
    check "one row less" equal 620 "$(wc -l <"$WORK/less.csv")"
    verify "$WORK/less.csv" --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET" --group "group-$TOPIC"
    check "a row dropped from the CSV is extra elsewhere" tells 1 'read 619' 'extra - 1 1' \
        'in the topic, not in the CSV: 1' '2022-01-05-000660 (partition'
    { cat "$WORK/top.csv" && tail -1 "$WORK/top.csv" | sed 's/2022-[0-9]*-[0-9]*/2022-12-30/'; } >"$WORK/more.csv"
    verify "$WORK/more.csv" --topic "$TOPIC" --index "$TOPIC" --dataset "$DATASET" --group "group-$TOPIC"
    check "a row that was never sent is missing" tells 1 'missing - 1 1' 'more.csv:622)'
}

records_without_an_id() {
    head -1 "$WORK/top.csv" >"$WORK/none.csv"
    check "a topic of its own" replay "$TOPIC-dlq" "$WORK/none.csv" --dataset "$DATASET2" --quiet
    produce 1 'not JSON' "$TOPIC-dlq"
    produce 005930 '{"Date":"2022-01-03","Code":"005930","Volume":"many"}' "$TOPIC-dlq"
    produce 000660 "$(raw 2022-01-03-000660)" "$TOPIC-dlq"
    verify --topic "$TOPIC-dlq" --index "$TOPIC-dlq" --dataset "$DATASET2" --dlq none
    check "a record that is no JSON is named" tells 1 'without an id 1' 'not JSON' 'missing in the index: 2'
    check "the bridge dead-letters what does not fit" bridge "$TOPIC-dlq" "$DATASET2" --until-end --quiet
    verify --topic "$TOPIC-dlq" --index "$TOPIC-dlq" --dataset "$DATASET2" --group "group-$TOPIC-dlq"
    check "dead letters are accounted for, and shown" tells 0 'dead-lettered 2' 'without an id 0' 'missing - 0' \
        '2022-01-03-005930 (partition' 'all agree, but for what is dead-lettered'
    verify --topic "$TOPIC-dlq" --index "$TOPIC-dlq" --dataset "$DATASET2" --dlq none
    check "without them it is a loss" tells 1 'missing in the index: 1' 'records without an id: 1'
}

# Rows that are under way while it reads are neither lost nor foreign.
while_it_runs() {
    local ferry replayer rounds=0
    check "a topic for a running flow" replay "$TOPIC-run" "$WORK/none.csv" --dataset "$DATASET_RUN" --quiet
    bridge "$TOPIC-run" "$DATASET_RUN" --quiet 2>"$WORK/bridge.err" &
    ferry=$!
    replay "$TOPIC-run" "$DATA/marcap-2022.csv.gz" --dataset "$DATASET_RUN" --pace 400/s --quiet 2>"$WORK/replay.err" &
    replayer=$!
    committed() {
        verify --topic "$TOPIC-run" --index "$TOPIC-run" --dataset "$DATASET_RUN" --group "group-$TOPIC-run"
        [[ $RC == 0 ]]
    }
    # An empty topic agrees, too; and a group that has not committed yet is an error of its own.
    begun() { [[ $(documents "$TOPIC-run") -gt 0 ]] && committed; }
    check "the flow has begun" wait_until 60 begun
    for _ in 1 2 3 4; do
        if committed; then
            rounds=$((rounds + 1))
        else
            cp "$WORK/out" "$WORK/failed"
        fi
    done
    check "records still come" kill -0 "$replayer"
    check "four audits of a running flow raise no alarm" equal 4 "$rounds"
    [[ $rounds == 4 ]] || cat "$WORK/failed"
    pkill -TERM -P "$replayer" || true
    pkill -TERM -P "$ferry" || true
    wait "$replayer" "$ferry" || true
}

what_is_wrong_is_one_line() {
    verify "$WORK/top.csv" --topic nosuchtopic
    check "no such topic" tells 1 'naru verify: topic nosuchtopic does not exist'
    verify "$WORK/top.csv" --index nosuchindex
    check "no such index" tells 1 'naru verify: ' 'nosuchindex'
    verify "$WORK/top.csv" --index "$TOPIC" --set elasticsearch.hosts=http://127.0.0.1:1
    check "no engine" tells 1 'naru verify: http://127.0.0.1:1 does not answer'
    verify "$WORK/top.csv" --topic "$TOPIC" --brokers 127.0.0.1:1
    check "no broker" tells 1 'naru verify: no Kafka broker answered' '127.0.0.1:1'
    verify "$WORK/nofile.csv" --topic "$TOPIC"
    check "no such file" tells 1 'nofile.csv: there is no such file'
    verify --topic "$TOPIC" --index "$TOPIC" --group nosuchgroup --dataset "$DATASET"
    check "a group that has committed nothing" tells 1 'group nosuchgroup has committed nothing' '--group'
    verify --topic "$TOPIC" --index "$TOPIC" --dataset ohlcv
    check "another dataset" tells 1 'none has an id by' 'right dataset'
    verify "$WORK/top.csv"
    check "nothing to compare with" tells 2 'nothing to compare' '--topic' '--index'
    verify --topic "$TOPIC"
    check "one alone" tells 2 'one alone cannot be compared'
    verify "$WORK/top.csv" --index 'a b'
    check "no name of an index" tells 2 "'a b'"
    verify "$WORK/top.csv" --topic "$TOPIC" --group g
    check "a group without an index" tells 2 '--group'
    verify - --topic "$TOPIC"
    check "standard input" tells 2 'standard input'
}

all_rows() {
    local data=("$DATA"/marcap-{2022,2023,2025}.csv.gz)
    check "replay of all rows of three files" \
        replay "$TOPIC-all" "${data[@]}" --dataset "$DATASET_ALL" --keep-zero-volume --pace max --quiet
    check "and the bridge" bridge "$TOPIC-all" "$DATASET_ALL" --until-end --quiet
    verify "${data[@]}" --keep-zero-volume --topic "$TOPIC-all" --index "$TOPIC-all" --dataset "$DATASET_ALL" \
        --group "group-$TOPIC-all"
    check "233,425 rows, records and documents agree" tells 0 'read 233,425 233,425 233,425' 'all agree'
    verify "${data[@]}" --topic "$TOPIC-all" --dataset "$DATASET_ALL"
    check "another choice of rows does not" tells 1 'in the topic, not in the CSV'
}

if [[ ! -f $DATA/marcap-2022.csv.gz ]]; then
    skip "the proof" "$DATA has no marcap-2022.csv.gz"
    finish
    exit
fi
DATASET=$(own_dataset "$TOPIC")
DATASET2=$(own_dataset "$TOPIC-dlq")
DATASET_RUN=$(own_dataset "$TOPIC-run")
DATASET_ALL=$(own_dataset "$TOPIC-all")
top_rows
all_is_well
a_document_is_lost
a_field_is_changed
a_foreign_document
a_record_twice
a_row_less
records_without_an_id
while_it_runs
what_is_wrong_is_one_line
all_rows
finish
