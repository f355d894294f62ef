#!/usr/bin/env bash
# Dead letters: records that the engine refuses are kept with all they were, listed, and retried after a repair.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

RC=0
SET=(--set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" --set admin.listen=off)

dlq() { # ARGUMENTS...: its output is in $WORK/out and $WORK/err, its exit code in RC
    RC=0
    timeout 120 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" dlq "$@" "${SET[@]}" >"$WORK/out" 2>"$WORK/err" || RC=$?
}

says() { # WORDS...: all of them, in what dlq wrote
    local word
    cat "$WORK/out" "$WORK/err"
    for word in "$@"; do
        grep -qF -- "$word" "$WORK/out" "$WORK/err" || {
            echo "it does not say: $word"
            return 1
        }
    done
}

exits() { # CODE
    cat "$WORK/out" "$WORK/err"
    equal "$1" "$RC"
}

lines() { wc -l <"$WORK/out"; }

letters() { # PLACE...: how many are open
    dlq list "$@" --json
    lines
}

send() { # TOPIC KCAT-OPTIONS...: one record, its value from standard input
    local topic=$1
    shift
    kcat -b "$NARU_TEST_BROKERS" -t "$topic" -P -X partitioner=murmur2_random "$@" 2>"$WORK/kcat.err"
}

# A record of the test's own stock, with what is wrong with it.
row() { printf '{"Date":"1995-05-02","Code":"%s"%s}' "$1" "$2"; }

poison() { # TOPIC
    row T00001 ',"Marcap":"many"' | send "$1" -k T00001 -H source=test -H empty= -H source=again
    row T00002 ',"Sector":"IT"' | send "$1" -k T00002
    row T00003 ',"Sector":"전자"' | send "$1" -k $'\xff\xfe' -H colour=blue
    printf 'not json at all' | send "$1" -k T00004
    printf 'gone:' | send "$1" -K: -Z
}

field_added() { # DATASET-FILE FIELD: the mapping repaired
    jq '.columns += [{"name": "'"$2"'", "type": "keyword", "optional": true}]' "$1" >"$1.new"
    mv "$1.new" "$1"
    naru mappings apply "$1" --set "elasticsearch.hosts=$NARU_TEST_ES"
}

ferry() { # TOPIC DATASET-FILE OPTIONS...: all that is there
    timeout 120 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" bridge "${SET[@]}" --set "kafka.group.id=group-$1" \
        --set "bridge.topics=$1" --set "bridge.dataset=$2" --set kafka.session.timeout.ms=6000 \
        --set bridge.on_tombstone=dead_letter --until-end "${@:3}" >"$WORK/bridge.log" 2>&1
}

wrong_arguments() {
    dlq
    check "neither list nor retry" exits 2
    dlq retry
    check "retry without a target" exits 2
    dlq retry --to index --topic x
    check "retry to the index, and no index is named" exits 2
    check "and what to set" says bridge.dataset
    dlq list --since yesterday --topic x
    check "a time that is none" exits 2
    check "and how to write one" says "--since" "36h"
    dlq list
    check "no topic to be found" exits 2
    dlq list --set bridge.dead_letter=nowhere
    check "a dead_letter that is none" exits 2
    check "and what there is" says "file:PATH" "topic:NAME"
    dlq list --set bridge.dead_letter=stop
    check "dead_letter = stop keeps none" exits 2
    dlq list --topic no-such.dlq
    check "a topic that does not exist" exits 1
    dlq list --set bridge.topics=never-refused
    check "the assumed topic is not there as long as nothing was refused" exits 0
    check "and that is said" says "nothing was refused"
    dlq list --file "$WORK/no-such-file"
    check "a file that does not exist" exits 1
}

listing() { # PLACE...: the five letters of poison
    check "five letters" equal 5 "$(letters "$@")"
    cp "$WORK/out" "$WORK/letters"
    dlq list "$@"
    check "the table exits 0" exits 0
    check "the table names them, with the reason" says T00001 mapper_parsing_exception "failed to parse field [Marcap]" \
        "dynamic introduction of [Sector]" record_not_a_document "0xfffe" "5 letters"
    check "the table has a line each" equal 6 "$(lines)"
    dlq list "$@" --summary
    check "the summary counts by field" says "2  Sector" "1  Marcap"
    dlq list "$@" --summary --json
    check "and as JSON" equal "Sector 2" "$(jq -r '.fields[] | select(.name == "Sector") | "\(.name) \(.count)"' "$WORK/out")"
    dlq list "$@" --field Sector --values
    check "values alone, as they were" equal "$(row T00002 ',"Sector":"IT"'; echo; row T00003 ',"Sector":"전자"')" \
        "$(sort "$WORK/out")"
    check "a key that is no text is kept" equal //4= "$(jq -r 'select(.key_base64) | .key_base64' "$WORK/letters")"
    check "a tombstone is one" equal gone "$(jq -r 'select(.value == null) | .key' "$WORK/letters")"
    check "headers are kept, in order, one name twice" \
        equal '[{"name":"source","value":"test"},{"name":"empty","value":""},{"name":"source","value":"again"}]' \
        "$(jq -c 'select(.field == "Marcap") | .headers' "$WORK/letters")"
}

filters() {
    check "by status" equal 3 "$(letters "$@" --status 400)"
    check "by type" equal 2 "$(letters "$@" --type STRICT_dynamic)"
    check "by reason" equal 1 "$(letters "$@" --reason tombstone)"
    check "by source" equal 0 "$(letters "$@" --source another)"
    check "since" equal 5 "$(letters "$@" --since 1h)"
    check "until" equal 0 "$(letters "$@" --until 1h)"
    check "limit" equal 2 "$(letters "$@" --limit 2)"
}

# Unknown fields become known; the letter in Marcap cannot be mended, what is no document neither.
retry_to_index() { # INDEX DATASET-FILE PLACE...
    local index=$1 dataset=$2 before
    shift 2
    before=$(documents "$index")
    dlq retry "$@" --to index --set "bridge.dataset=$dataset" --field Sector
    check "before the repair they are refused again" exits 1
    check "and why is said" says "refused again" "strict_dynamic_mapping_exception"
    check "nothing is marked then" equal 5 "$(letters "$@")"
    field_added "$dataset" Sector >/dev/null
    dlq retry "$@" --to index --set "bridge.dataset=$dataset" --field Sector --dry-run
    check "a dry run says how many" says "2 would be sent"
    check "and sends none" equal "$before" "$(documents "$index")"
    dlq retry "$@" --to index --set "bridge.dataset=$dataset" --field Sector
    check "after the repair they are accepted" exits 0
    check "the documents are there" equal $((before + 2)) "$(documents "$index")"
    check "with their content" equal 전자 "$(es "$index/_doc/1995-05-02-T00003" | jq -r ._source.Sector)"
    check "and their letters done" equal 3 "$(letters "$@")"
    check "--all shows them" equal 5 "$(letters "$@" --all)"
    dlq retry "$@" --to index --set "bridge.dataset=$dataset" --set bridge.on_tombstone=dead_letter
    check "the others are refused again" exits 1
    check "all three" says "3 letters, 0 accepted, 3 refused, 0 failed"
    check "and stay" equal 3 "$(letters "$@")"
}

# A version in the index that is newer than the letter stays.
newer_stays() {
    row T00005 ',"Country":"old"' | send dlqrec -k T00005
    ferry dlqrec "$WORK/dlqrec.json"
    field_added "$WORK/dlqrec.json" Country >/dev/null
    row T00005 ',"Country":"new"' | send dlqrec -k T00005
    ferry dlqrec "$WORK/dlqrec.json"
    dlq retry --topic dlqrec.dlq --to index --set "bridge.dataset=$WORK/dlqrec.json" --field Country
    check "a letter older than the document is accepted" exits 0
    check "as a duplicate" says "1 as newer or the same"
    check "and the newer document stays" equal new "$(es dlqrec/_doc/1995-05-02-T00005 | jq -r ._source.Country)"
}

timestamps() { # TOPIC KEY
    kcat -b "$NARU_TEST_BROKERS" -t "$1" -C -o beginning -e -q -f '%k %T %h %s\n' | grep "^$2 "
}

retry_to_topic() {
    local before
    row T00006 ',"Board":"KQ"' | send dlqrec -k T00006 -H colour=red -H colour=green
    ferry dlqrec "$WORK/dlqrec.json"
    before=$(documents dlqrec)
    field_added "$WORK/dlqrec.json" Board >/dev/null
    dlq retry --set bridge.topics=dlqrec --to topic --field Board --dry-run
    check "to the topic: a dry run" says "1 would be sent"
    check "sends none" equal 1 "$(timestamps dlqrec T00006 | wc -l)"
    dlq retry --set bridge.topics=dlqrec --to topic --field Board
    check "to the topic: accepted" exits 0
    check "key, timestamp, headers and value are the original's" equal 1 "$(timestamps dlqrec T00006 | sort -u | wc -l)"
    check "the record is there twice now" equal 2 "$(timestamps dlqrec T00006 | wc -l)"
    check "its letter is done" equal 0 "$(letters --topic dlqrec.dlq --field Board)"
    ferry dlqrec "$WORK/dlqrec.json"
    check "and the bridge has stored it" equal $((before + 1)) "$(documents dlqrec)"
    dlq retry --topic dlqrec.dlq --to topic --field Marcap
    check "what cannot be mended goes to the topic too" exits 0
    check "its letter is done" equal 0 "$(letters --topic dlqrec.dlq --field Marcap)"
    ferry dlqrec "$WORK/dlqrec.json"
    check "and comes back as a new one" equal 1 "$(letters --topic dlqrec.dlq --field Marcap)"
    check "with its headers as they were" equal "test again" \
        "$(jq -r '[.headers[] | select(.name == "source").value] | join(" ")' "$WORK/out")"
}

to_a_topic() {
    own_dataset dlqrec >/dev/null
    replay dlqrec "$WORK/day.csv" --pace max --quiet
    poison dlqrec
    ferry dlqrec "$WORK/dlqrec.json"
    check "the good ones are stored" equal "$ROWS" "$(documents dlqrec)"
    listing --set bridge.topics=dlqrec
    filters --topic dlqrec.dlq
    retry_to_index dlqrec "$WORK/dlqrec.json" --topic dlqrec.dlq
    newer_stays
    retry_to_topic
}

to_a_file() {
    local file=$WORK/letters.jsonl place
    place=(--set "bridge.dead_letter=file:$file")
    own_dataset dlqfile >/dev/null
    replay dlqfile "$WORK/day.csv" --pace max --quiet
    poison dlqfile
    ferry dlqfile "$WORK/dlqfile.json" "${place[@]}"
    check "file: the good ones are stored" equal "$ROWS" "$(documents dlqfile)"
    check "file: a line a letter" equal 5 "$(wc -l <"$file")"
    listing "${place[@]}"
    filters --file "$file"
    retry_to_index dlqfile "$WORK/dlqfile.json" "${place[@]}"
    dlq list --file <(true)
    check "file: a pipe is none" exits 1

    printf '{"when":1234,"topic":"dlqf' >>"$file"
    check "file: a torn last line is passed over" equal 3 "$(letters --file "$file")"
    printf 'no json' | send dlqfile -k T00007
    ferry dlqfile "$WORK/dlqfile.json" "${place[@]}"
    check "file: the bridge cuts it off and says so" grep -q 'torn line.*bytes=26' "$WORK/bridge.log"
    check "file: and goes on behind it" equal 4 "$(letters --file "$file")"
    check "file: every line is whole" jq -es 'length > 0' "$file"
    dlq retry --file "$file" --to topic --reason 'not a JSON'
    check "file: to the topic" exits 0
    check "file: its letters are done" equal 2 "$(letters --file "$file")"
}

gone() { ! kill -0 "$1" 2>/dev/null; } # PID

# A file size limit stands for the full disk.
disk_full() {
    local file=$WORK/full.jsonl pid
    own_dataset dlqfull >/dev/null
    replay dlqfull "$WORK/day.csv" --pace max --quiet
    printf 'no json' | send dlqfull -k T00001
    bash -c 'trap "" XFSZ; ulimit -Sf 0; exec "$@"' - "$NARU_BIN" bridge "${SET[@]}" --until-end \
        --set kafka.group.id=group-dlqfull --set bridge.topics=dlqfull --set "bridge.dataset=$WORK/dlqfull.json" \
        --set "bridge.dead_letter=file:$file" > >(cat >"$WORK/full.log") 2>&1 &
    pid=$!
    check "disk full: it is said" wait_until 60 grep -q 'dead letters cannot be stored.*File too large' "$WORK/full.log"
    sleep 1
    check "disk full: the bridge waits" kill -0 $pid
    check "disk full: nothing half is left" equal 0 "$(wc -c <"$file")"
    prlimit --pid $pid --fsize=unlimited
    check "disk full: with room it goes on and ends" wait_until 30 gone $pid
    check "disk full: that is said" grep -q 'can be stored again' "$WORK/full.log"
    check "disk full: the letter is there once" equal 1 "$(letters --file "$file")"
}

naru generate --out - --from 1995-05-02 --to 1995-05-02 --quiet >"$WORK/day.csv"
ROWS=$(naru replay "$WORK/day.csv" --dry-run --quiet | wc -l)
wrong_arguments
to_a_topic
to_a_file
disk_full
finish
