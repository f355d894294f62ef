# shellcheck shell=bash
# What the live tests share. They run against the lab that tests/run (or ctest's fixture) has started:
#   NARU_BIN            the executable under test
#   NARU_TEST_BROKERS   bootstrap servers
#   NARU_TEST_ES        the engine's address
#   NARU_LAB_STATE      the lab's state, for stopping and starting its nodes
#   NARU_SHARED         where data/marcap-*.csv.gz is; tests on real data are skipped without it
: "${NARU_BIN:?}" "${NARU_TEST_BROKERS:?}" "${NARU_TEST_ES:?}" "${NARU_LAB_STATE:?}"

LIVE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LAB=$LIVE_ROOT/compose/lab
DATA=${NARU_SHARED:-$LIVE_ROOT/../shared}/data
WORK=$(mktemp -d)
PASSED=0 FAILED=0 SKIPPED=0
export LAB DATA

# pass_or_fail WHAT COMMAND...: one check; COMMAND's own output is shown when it fails.
check() {
    local what=$1
    shift
    if "$@" >"$WORK/check.out" 2>&1; then
        PASSED=$((PASSED + 1))
        echo "passed: $what"
    else
        FAILED=$((FAILED + 1))
        echo "FAILED: $what"
        sed 's/^/    /' "$WORK/check.out" | tail -n 20
    fi
}

equal() { # WANTED GOT
    [[ $1 == "$2" ]] || {
        echo "wanted: $1"
        echo "got:    $2"
        return 1
    }
}

command_says() { # TEXT COMMAND...: whatever its exit code
    "${@:2}" >"$WORK/said" 2>&1 || true
    grep -qF -- "$1" "$WORK/said" || {
        cat "$WORK/said"
        return 1
    }
}

# In the background: its output in NAME.log, in the end its exit code in NAME.code; its job's number in STARTED.
STARTED=()
begin() { # NAME COMMAND...
    local name=$1
    shift
    {
        local code=0
        "$@" >"$WORK/$name.log" 2>&1 || code=$?
        echo "$code" >"$WORK/$name.code"
    } &
    STARTED+=($!)
}

skip() { # WHAT WHY
    SKIPPED=$((SKIPPED + 1))
    echo "skipped: $1: $2"
}

# finish: the closing line, which CI reads, and the exit code.
finish() {
    echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
    [[ $FAILED == 0 ]]
}

# Without our environment: a NARU_ variable of the user would count as a setting.
naru() { env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" "$@"; }

es() { # PATH [CURL OPTIONS]
    curl -sS --noproxy '*' -H 'Content-Type: application/json' "$NARU_TEST_ES/$1" "${@:2}"
}

documents() { # INDEX
    es "$1/_refresh" >/dev/null
    es "$1/_count" | jq .count
}

# The sum of a whole-number field over all documents, added up day by day so that no double loses digits.
sum_of() { # INDEX FIELD
    es "$1/_search" -d '{"size":0,"aggs":{"d":{"terms":{"field":"Date","size":10000},"aggs":{"s":{"sum":{"field":"'"$2"'"}}}}}}' |
        jq -r '.aggregations.d.buckets[].s.value | round' | awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# Records in a topic by reading it, oldest to end.
records() { # TOPIC
    kcat -b "$NARU_TEST_BROKERS" -t "$1" -C -o beginning -e -q -f '%p\n' | wc -l
}

# A copy of the marcap dataset with an index of its own, put in place; prints its path.
own_dataset() { # NAME
    jq --arg n "$1" '.name = $n | .index = $n' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/$1.json"
    naru mappings apply "$WORK/$1.json" --set "elasticsearch.hosts=$NARU_TEST_ES" >/dev/null
    echo "$WORK/$1.json"
}

replay() { # TOPIC OPTIONS...
    naru replay --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 6:3 "${@:2}"
}

bridge() { # TOPIC DATASET OPTIONS...
    naru bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" \
        --set "kafka.group.id=group-$1" --set "bridge.topics=$1" --set "bridge.dataset=$2" \
        --set kafka.session.timeout.ms=6000 --set admin.listen=off "${@:3}"
}

# naru verify of a topic and the index that the dataset $WORK/INDEX.json names, as the group of that name has committed it;
# with files also of the CSV.
audit() { # TOPIC INDEX OPTIONS AND FILES...
    naru verify --topic "$1" --index "$2" --group "group-$2" --dataset "$WORK/$2.json" \
        --brokers "$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$NARU_TEST_ES" "${@:3}"
}

# One of Kafka's own tools, from the lab's jars: kafka_tool CLASS ARGUMENTS...
kafka_tool() {
    local jars
    jars=$(compgen -G "${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}/kafka-*/lib")
    java -XX:TieredStopAtLevel=1 -cp "$jars/*" "$1" --bootstrap-server "$NARU_TEST_BROKERS" "${@:2}" 2>/dev/null
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

wait_until() { # SECONDS COMMAND...
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        [[ $SECONDS -lt $deadline ]] || return 1
        sleep 0.2
    done
}

lab() { "$LAB" "$@" --state "$NARU_LAB_STATE"; }

live_clean_up() {
    local pid
    for pid in $(jobs -p); do
        kill -KILL "$pid" 2>/dev/null || true
    done
    rm -rf "$WORK"
}
trap live_clean_up EXIT
