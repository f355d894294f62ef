#!/usr/bin/env bash
# The consumer group on real brokers: static membership (a member that restarts within its session costs no rebalance),
# the eager protocol, and bridges that come and go in mid-run.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

ROWS=0

fill() { # TOPIC DATASET
    check "replay into $1" replay "$1" "$WORK"/history/*.csv --dataset "$2" --keep-zero-volume --pace max --quiet
}

has_partitions() { # LOG
    grep -q 'partitions assigned" partitions=[1-9]' "$1"
}

both_have_partitions() { has_partitions "$WORK/one.log" && has_partitions "$WORK/two.log"; }

all_are_documents() { [[ $(documents "$1") == "$ROWS" ]]; } # INDEX

rebalances() { # LOG: how often partitions came or went
    grep -c 'partitions \(assigned\|asked back\|lost\)' "$1" || true
}

stop_bridge() { # PID: the subshell's; the bridge is its child
    pkill -TERM -P "$1" || true
    wait "$1" || true
}

static_membership() {
    local one two dataset before common
    dataset=$(own_dataset static)
    common=(--set kafka.session.timeout.ms=45000)
    fill static "$dataset"
    bridge static "$dataset" "${common[@]}" --set kafka.group.instance.id=one 2>"$WORK/one.log" &
    one=$!
    bridge static "$dataset" "${common[@]}" --set kafka.group.instance.id=two 2>"$WORK/two.log" &
    two=$!
    check "both have partitions" wait_until 60 both_have_partitions
    check "all rows are documents" wait_until 60 all_are_documents static
    before=$(rebalances "$WORK/one.log")
    stop_bridge $two
    fill static "$dataset"
    bridge static "$dataset" "${common[@]}" --set kafka.group.instance.id=two 2>"$WORK/again.log" &
    two=$!
    check "the restarted one has its partitions again" wait_until 60 has_partitions "$WORK/again.log"
    check "and finishes what came meanwhile" wait_until 60 committed_to_the_end static
    check "the other one noticed nothing" equal "$before" "$(rebalances "$WORK/one.log")"
    check "still each row once" equal "$ROWS" "$(documents static)"
    stop_bridge $one
    stop_bridge $two
}

committed_to_the_end() { # TOPIC
    audit "$1" "$1" >"$WORK/verify.out" 2>&1 && [[ $(kafka_lag "$1") == 0 ]]
}

kafka_lag() { # TOPIC: records that its group has not committed
    kafka_tool kafka.admin.ConsumerGroupCommand --describe --group "group-$1" |
        awk -v t="$1" '$2 == t { lag += $6 } END { print lag + 0 }'
}

# Eager members give back all at each change; the outcome is the same.
eager() {
    local one dataset
    dataset=$(own_dataset eager)
    fill eager "$dataset"
    bridge eager "$dataset" --set kafka.partition.assignment.strategy=range --set bridge.batch_docs=50 \
        2>"$WORK/eager.log" &
    one=$!
    check "an eager member has partitions" wait_until 60 has_partitions "$WORK/eager.log"
    check "a second one ends well beside it" bridge eager "$dataset" --set kafka.partition.assignment.strategy=range \
        --until-end
    check "nothing is lost or doubled" wait_until 60 committed_to_the_end eager
    check "each row is a document" equal "$ROWS" "$(documents eager)"
    stop_bridge $one
}

naru generate --out "$WORK/history" --from 2019-01-02 --to 2019-12-31 --stocks 40 --quiet
ROWS=$(cat "$WORK"/history/*.csv | grep -c '^"[0-9]')
static_membership
eager
finish
