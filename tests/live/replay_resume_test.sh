#!/usr/bin/env bash
# Two replays of one input are the same; one that is killed and resumed is, too: with --exactly-once row for row in the
# eyes of a read_committed reader, with --resume alone without a loss.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"

KILLS=5
PARTITIONS=6
TOPIC=naru-test-resume-$$-$(date +%s)
readonly KILLS PARTITIONS TOPIC
export XDG_STATE_HOME=$WORK/state

# Checkpoints are kept in the test's own folder.
replay_into() { # TOPIC OPTIONS...
    env -i PATH="$PATH" HOME="$WORK" XDG_STATE_HOME="$XDG_STATE_HOME" "$NARU_BIN" replay "$WORK"/in/*.csv* \
        --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic "$PARTITIONS:3" "${@:2}"
}

# Keys and values of a topic as readers see it, partition by partition, in order.
content() { # TOPIC ISOLATION
    local p
    for ((p = 0; p < PARTITIONS; p++)); do
        kcat -b "$NARU_TEST_BROKERS" -t "$1" -p "$p" -C -o beginning -e -q -X "isolation.level=$2" -f '%p %k %s\n'
    done
}

# The offsets that a topic has given out, all partitions together; 0 while it is not there.
written() { # TOPIC
    local p wanted=()
    for ((p = 0; p < PARTITIONS; p++)); do
        wanted+=(-t "$1:$p:-1")
    done
    kcat -b "$NARU_TEST_BROKERS" -Q "${wanted[@]}" 2>/dev/null | awk '{ sum += $NF } END { print sum + 0 }'
}

has_more_than() { [[ $(written "$1") -gt $2 ]]; } # TOPIC OFFSETS

has_ended() { ! kill -0 "$1" 2>/dev/null; } # PID

# Start a replay and kill it once it has written MORE. A busy machine sees that seconds late: the pace leaves five kills
# nine seconds each before the input ends.
run_and_kill() { # TOPIC MORE OPTIONS...
    local before child rc=0
    before=$(written "$1")
    # Not by replay_into: the process that is killed has to be naru itself.
    (exec env -i PATH="$PATH" HOME="$WORK" XDG_STATE_HOME="$XDG_STATE_HOME" "$NARU_BIN" replay "$WORK"/in/*.csv* \
        --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic "$PARTITIONS:3" --pace 1000/s "${@:3}") \
        >"$WORK/killed.out" 2>&1 &
    child=$!
    wait_until 60 has_more_than "$1" "$((before + $2))"
    kill -KILL "$child"
    wait "$child" 2>/dev/null || rc=$?
    [[ $rc == 137 ]] || { tail -3 "$WORK/killed.out"; return 1; }
}

sha() { jq -r .sha256 "$1"; }

make_input() {
    mkdir "$WORK/in"
    naru generate --out "$WORK/in" --from 2019-01-01 --to 2020-12-31 --stocks 120 --quiet
    gzip "$WORK/in/marcap-2019.csv"
    zstd -q --rm "$WORK/in/marcap-2020.csv"
}

test_two_runs_are_one() {
    check "a first run" replay_into "$TOPIC-a" --pace max --manifest "$WORK/a.json"
    check "a second run" replay_into "$TOPIC-b" --pace max --manifest "$WORK/b.json"
    check "their manifests are the same" cmp "$WORK/a.json" "$WORK/b.json"
    content "$TOPIC-a" read_committed >"$WORK/a.rows"
    content "$TOPIC-b" read_committed >"$WORK/b.rows"
    check "their topics are the same, row for row" cmp "$WORK/a.rows" "$WORK/b.rows"
    check "the manifest counts the rows" equal "$(wc -l <"$WORK/a.rows")" "$(jq .records "$WORK/a.json")"
    check "and its sum is of the keys and values in order" equal \
        "$(naru replay "$WORK"/in/*.csv* --dry-run --quiet | python3 -c '
import hashlib, json, struct, sys
sha = hashlib.sha256()
for line in sys.stdin.buffer:
    value = line.rstrip(b"\n")
    for text in (json.loads(value)["Code"].encode(), value):
        sha.update(struct.pack(">I", len(text)) + text)
print(sha.hexdigest())')" "$(sha "$WORK/a.json")"
}

test_exactly_once() {
    local i
    for ((i = 1; i <= KILLS; i++)); do
        check "exactly once: killed, number $i" run_and_kill "$TOPIC-c" 2000 --resume "c$$" --exactly-once
    done
    check "exactly once: the last run ends it" replay_into "$TOPIC-c" --pace max --resume "c$$" --exactly-once \
        --manifest "$WORK/c.json"
    content "$TOPIC-c" read_committed >"$WORK/c.rows"
    check "exactly once: the topic is that of one run, row for row" cmp "$WORK/a.rows" "$WORK/c.rows"
    check "exactly once: so is the manifest" equal "$(sha "$WORK/a.json")" "$(sha "$WORK/c.json")"
    content "$TOPIC-c" read_uncommitted >"$WORK/c.all"
    check "exactly once: some rows were taken back, or the kills proved nothing" \
        test "$(wc -l <"$WORK/c.all")" -gt "$(wc -l <"$WORK/c.rows")"
    check "exactly once: once more sends nothing" replay_into "$TOPIC-c" --pace max --resume "c$$" --exactly-once
    content "$TOPIC-c" read_committed >"$WORK/c.rows"
    check "exactly once: and the topic is the same" cmp "$WORK/a.rows" "$WORK/c.rows"
}

test_checkpoint() {
    check "a checkpoint: killed" run_and_kill "$TOPIC-d" 4000 --resume "d$$"
    check "a checkpoint: killed again" run_and_kill "$TOPIC-d" 4000 --resume "d$$"
    check "a checkpoint: the last run goes on behind it" replay_into "$TOPIC-d" --pace max --resume "d$$" \
        --manifest "$WORK/d.json" --report json
    cp "$WORK/check.out" "$WORK/d.out"
    check "a checkpoint: not from the first row" \
        jq -es 'map(objects) | .[-1].passed_over > 0' <(grep '^{' "$WORK/d.out")
    content "$TOPIC-d" read_committed >"$WORK/d.rows"
    check "a checkpoint: no row is lost, and none is another" \
        cmp <(sort -u "$WORK/a.rows") <(sort -u "$WORK/d.rows")
    check "a checkpoint: the manifest is that of one run" equal "$(sha "$WORK/a.json")" "$(sha "$WORK/d.json")"
}

# A replay that must fail with one line that says TEXT.
fails_with() { # TEXT REPLAY ARGUMENTS...
    local text=$1 rc=0
    shift
    "$@" >"$WORK/failed.out" 2>&1 || rc=$?
    cat "$WORK/failed.out"
    [[ $rc == 1 || $rc == 2 ]] && grep -qF -- "$text" "$WORK/failed.out"
}

test_refusals_to_resume() {
    check "another topic under the name is refused" fails_with "that replay sends to topic $TOPIC-d" \
        replay_into "$TOPIC-a" --resume "d$$"
    check "other rows under the name are refused" fails_with 'are not those that were sent' \
        replay_into "$TOPIC-d" --resume "d$$" --columns Close --pace max
    check "so are fewer rows" fails_with 'were sent before: it has changed' \
        replay_into "$TOPIC-d" --resume "d$$" --top 5 --pace max
    check "the same with transactions" fails_with 'are not those that were sent' \
        replay_into "$TOPIC-c" --resume "c$$" --exactly-once --columns Close --pace max
    check "a topic made anew is noticed" fails_with 'it was made anew' resume_with_new_topic
    check "--restart begins anew" replay_into "$TOPIC-e" --resume "e$$" --restart --pace max
}

# A checkpoint that says more was sent than the topic has ever had.
resume_with_new_topic() {
    jq -c --arg t "$TOPIC-e" '.topic = $t' "$XDG_STATE_HOME/naru/d$$.checkpoint" >"$XDG_STATE_HOME/naru/e$$.checkpoint"
    replay_into "$TOPIC-e" --resume "e$$"
}

test_takeover() {
    local child
    (exec env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" replay "$WORK"/in/*.csv* --brokers "$NARU_TEST_BROKERS" \
        --topic "$TOPIC-f" --create-topic "$PARTITIONS:3" --pace 500/s --resume "f$$" --exactly-once) \
        >"$WORK/first.out" 2>&1 &
    child=$!
    wait_until 60 has_more_than "$TOPIC-f" 500
    check "a second replay by the name takes over" replay_into "$TOPIC-f" --pace max --resume "f$$" --exactly-once
    check "and the first one ends" wait_until 60 has_ended "$child"
    wait "$child" || true
    check "and says why" grep -q 'another replay by the same --resume name has taken over' "$WORK/first.out"
    content "$TOPIC-f" read_committed >"$WORK/f.rows"
    check "and each row is there once" cmp "$WORK/a.rows" "$WORK/f.rows"
}

# A row that no broker takes: larger than the topic allows.
test_too_large() {
    mkdir "$WORK/large"
    python3 - "$WORK/large/rows.csv" <<'END'
import sys
header = "Code,Name,Market,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date"
with open(sys.argv[1], "w", encoding="utf-8") as file:
    print(header, file=file)
    for number in range(1, 2001):
        name = "x" * 1_040_000 if number == 1000 else "x" * 20
        print(f"{number:06d},{name},KOSPI,1,1,0,0,1,1,1,1,1,1,1,STK,{number},2022-01-03", file=file)
END
    local common=(replay "$WORK/large/rows.csv" --brokers "$NARU_TEST_BROKERS" --pace max)
    check "a row too large for Kafka is named and stops the replay" fails_with \
        'large/rows.csv:1001: the record with key 001000 has 1040' \
        naru "${common[@]}" --topic "$TOPIC-g" --create-topic 1:1
    check "the rows before it are delivered" equal 999 "$(records "$TOPIC-g")"
    check "--skip-refused leaves it out" naru "${common[@]}" --topic "$TOPIC-h" --create-topic 1:1 --skip-refused
    cp "$WORK/check.out" "$WORK/skipped.out"
    check "and tells of it" grep -q '1 row too large for Kafka left out; the first: .*rows.csv:1001:' "$WORK/skipped.out"
    check "all others are delivered" equal 1999 "$(records "$TOPIC-h")"
    check "also exactly once" naru "${common[@]}" --topic "$TOPIC-i" --create-topic 1:1 --skip-refused \
        --resume "i$$" --exactly-once
    check "all others are there" equal 1999 \
        "$(content "$TOPIC-i" read_committed 2>/dev/null | wc -l)"
}

test_timestamps_headers_and_keys() {
    local make=(kafka_tool org.apache.kafka.tools.TopicCommand --create --partitions 1)
    "${make[@]}" --topic "$TOPIC-j" --config retention.ms=86400000 >/dev/null
    naru replay "$WORK"/in/*.csv* --brokers "$NARU_TEST_BROKERS" --topic "$TOPIC-j" --pace max \
        --to 2019-01-03 --quiet --header source=krx --header empty= --key '%{Market}-%{Code}' >/dev/null
    check "headers and the key are as asked for" equal 'source=krx,empty= KOSPI-005930' \
        "$(kcat -b "$NARU_TEST_BROKERS" -t "$TOPIC-j" -C -o beginning -c 1 -q -f '%h %k\n')"
    check "event timestamps that retention would delete are refused" fails_with \
        'the row is older than the topic keeps records' replay_into "$TOPIC-j" --timestamps event \
        --pace max
    "${make[@]}" --topic "$TOPIC-k" --config retention.ms=-1 >/dev/null
    check "else they are taken" replay_into "$TOPIC-k" --timestamps event --pace max --to 2019-01-03
    check "and are the rows' own" equal 1546354800000 \
        "$(kcat -b "$NARU_TEST_BROKERS" -t "$TOPIC-k" -C -o beginning -c 1 -q -f '%T\n')"
}

make_input
test_two_runs_are_one
test_exactly_once
test_checkpoint
test_refusals_to_resume
test_takeover
test_too_large
test_timestamps_headers_and_keys
finish
