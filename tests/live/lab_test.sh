#!/usr/bin/env bash
# The lab as its users meet it: real servers come up, survive what is done to them, and leave nothing behind.
# Takes NARU_LAB_STATE, NARU_LAB_KAFKA_PORT and NARU_LAB_ES_PORT from the environment.
set -uo pipefail

REPOSITORY=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
LAB=$REPOSITORY/compose/lab
KAFKA_PORT=${NARU_LAB_KAFKA_PORT:-29292}
ES_PORT=${NARU_LAB_ES_PORT:-29400}
SCRATCH=$(mktemp -d)
export NARU_LAB_STATE=${NARU_LAB_STATE:-$SCRATCH/lab}
SERVERS=127.0.0.1:$KAFKA_PORT,127.0.0.1:$((KAFKA_PORT + 1)),127.0.0.1:$((KAFKA_PORT + 2))
URL=http://127.0.0.1:$ES_PORT
PORTS=(--kafka-port "$KAFKA_PORT" --es-port "$ES_PORT")
PASSED=0 FAILED=0 BYSTANDER=''

"$LAB" status >/dev/null 2>&1
if (($? < 3)); then
    echo "lab_test: a lab runs in $NARU_LAB_STATE and this test would wipe it: run compose/lab down, or set NARU_LAB_STATE" >&2
    exit 2
fi

finish() {
    "$LAB" down --wipe >/dev/null 2>&1
    [[ ! $BYSTANDER ]] || kill "$BYSTANDER" 2>/dev/null
    rm -rf "$SCRATCH"
    echo "$PASSED passed, $FAILED failed"
    ((FAILED == 0 && PASSED > 0))
}
trap 'finish; exit $?' EXIT
trap 'FAILED=$((FAILED + 1)); exit 1' INT TERM

# check WHAT COMMAND... : the command must succeed; its output is shown when it does not.
check() {
    local what=$1
    shift
    if "$@" >"$SCRATCH/output" 2>&1; then
        PASSED=$((PASSED + 1))
        echo "ok      $what"
    else
        FAILED=$((FAILED + 1))
        echo "FAILED  $what"
        tail -n 20 "$SCRATCH/output" | sed 's/^/        /'
    fi
}

# exits CODE TEXT COMMAND... : the command must end with that code and say that text in one line.
exits() {
    local code=$1 text=$2 output status
    shift 2
    output=$("$@" 2>&1)
    status=$?
    echo "$output (exit $status)"
    ((status == code)) && [[ $output == *"$text"* ]] && (($(wc -l <<<"$output") == 1))
}

lab_up() { "$LAB" up "${PORTS[@]}" --es-heap 512m; }
status_is() { "$LAB" status; (($? == $1)); }
node_state() { "$LAB" status 2>/dev/null | awk -v name="$1" '$1 == name { print $3 }'; }
node_pid() { "$LAB" status 2>/dev/null | awk -v name="$1" '$1 == name { print $2 }'; }
node_is() { [[ $(node_state "$1") == "$2" ]]; }
all_pids() { "$LAB" status 2>/dev/null | awk 'NR > 1 { print $2 }' | paste -s; }

kafka_tool() {
    local class=$1 jars
    shift
    jars=$(printf '%s\n' "${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}"/kafka-*/lib | tail -n 1)
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-Dlog4j2.configurationFile=$REPOSITORY/compose/lab.d/log4j2.properties" \
        -cp "$jars/*" "$class" "$@"
}

# The pipe, held by a second file too, ends only if no server keeps either.
comes_up_and_tells_where() {
    lab_up 5>&1 | timeout 200 cat >"$SCRATCH/addresses" && cat "$SCRATCH/addresses" &&
        grep -Fx "bootstrap.servers=$SERVERS" "$SCRATCH/addresses" && grep -Fx "elasticsearch.hosts=$URL" "$SCRATCH/addresses"
}

second_up_changes_nothing() {
    local before
    before=$(all_pids)
    lab_up && [[ $(all_pids) == "$before" ]]
}

# The kernel writes 127.0.0.1 in one of two ways, by the kind of socket.
listens_on_loopback_only() {
    local port address found
    for port in $((KAFKA_PORT)) $((KAFKA_PORT + 12)) $((ES_PORT)) $((ES_PORT + 100)); do
        found=''
        while read -r address; do
            found=yes
            case ${address%:*} in
                0100007F | 0000000000000000FFFF00000100007F) ;;
                *) echo "port $port listens on $address"; return 1 ;;
            esac
        done < <(awk -v port="$(printf ':%04X' "$port")" \
            '$4 == "0A" && substr($2, length($2) - 4) == port { print $2 }' /proc/net/tcp /proc/net/tcp6)
        [[ $found ]] || { echo "nothing listens on port $port"; return 1; }
    done
}

makes_a_topic_of_three_replicas() {
    kafka_tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$SERVERS" --create --topic lab-test \
        --partitions 3 --replication-factor 3 &&
        kafka_tool org.apache.kafka.tools.TopicCommand --bootstrap-server "$SERVERS" --describe --topic lab-test |
        grep -E 'ReplicationFactor: 3'
}

produces() {
    seq "$1" "$2" | kafka_tool org.apache.kafka.tools.ConsoleProducer --bootstrap-server "$SERVERS" --topic lab-test \
        --producer-property acks=all
}

consumes() {
    kafka_tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server "$SERVERS" --topic lab-test --from-beginning \
        --max-messages "$1" --timeout-ms 30000 >"$SCRATCH/consumed" 2>"$SCRATCH/consumer.log" || tail -n 5 "$SCRATCH/consumer.log"
    [[ $(grep -E '^[0-9]+$' "$SCRATCH/consumed" | sort -n | paste -s) == $(seq 1 "$1" | paste -s) ]]
}

indexes_a_document() {
    printf '{"index":{"_index":"lab-test","_id":"1"}}\n{"Code":"005930","Marcap":500000000000000}\n' |
        curl -sf -H 'Content-Type: application/x-ndjson' --data-binary @- "$URL/_bulk?refresh=true" | grep '"errors":false'
}

finds_the_document() { curl -sf "$URL/lab-test/_search?q=Code:005930" | grep '"Marcap":500000000000000'; }

heals_what_died_by_itself() {
    kill -KILL "$(node_pid kafka-3)" && sleep 0.5 && node_is kafka-3 died && lab_up && status_is 0
}

spares_a_process_that_inherited_a_pid() {
    sleep 600 &
    BYSTANDER=$!
    "$LAB" stop kafka-1 && echo "$BYSTANDER 1 0" >"$NARU_LAB_STATE/pids/kafka-1" && node_is kafka-1 died &&
        exits 1 "kafka-1 does not run" "$LAB" kill kafka-1 && "$LAB" stop kafka-1 && kill -0 "$BYSTANDER"
}

leaves_nothing_running() {
    local pid pids
    pids=$(all_pids)
    "$LAB" down || return 1
    for pid in $pids; do
        # A zombie has ended: only its parent has not looked yet.
        if grep -E '^State:[[:space:]]+[^ZX]' "/proc/$pid/status" 2>/dev/null; then
            echo "pid $pid still runs"
            return 1
        fi
    done
    status_is 3
}

wipes_only_its_own() {
    mkdir "$SCRATCH/precious" && : >"$SCRATCH/precious/file" &&
        exits 1 "not a lab state folder" "$LAB" down --wipe --state "$SCRATCH/precious" && [[ -e $SCRATCH/precious/file ]] &&
        : >"$NARU_LAB_STATE/demo-input" && # compose/demo's
        "$LAB" down --wipe && [[ ! -e $NARU_LAB_STATE ]]
}

check "a lab that is not there has status 3"       status_is 3
check "an unknown option is refused"               exits 2 "--engines" "$LAB" up --engines es7
check "a wrong value is refused"                   exits 2 "--brokers 2" "$LAB" up --brokers=2
check "an unknown name is refused"                 exits 2 "kafka-4" "$LAB" stop kafka-4
check "up brings up brokers and engine"            comes_up_and_tells_where
if ((FAILED)); then exit 1; fi
check "status says so"                             status_is 0
check "a second up changes nothing"                second_up_changes_nothing
check "another engine needs a down first"          exits 1 "compose/lab down" "$LAB" up --engine es8
check "a taken port is named before any start"     exits 1 "$KAFKA_PORT" "$LAB" up "${PORTS[@]}" --state "$SCRATCH/second"
check "nothing listens beyond this machine"        listens_on_loopback_only
check "a topic gets three replicas"                makes_a_topic_of_three_replicas
check "records go in"                              produces 1 100
check "and come out"                               consumes 100
check "a document goes in"                         indexes_a_document
check "and is found"                               finds_the_document
check "stop ends one broker"                       "$LAB" stop kafka-2
check "status sees it"                             status_is 1
check "two brokers of three take records"          produces 101 120
check "start brings the broker back"               "$LAB" start kafka-2
check "with every record"                          consumes 120
check "kill ends the engine"                       "$LAB" kill es-1
check "status sees that too"                       node_is es-1 stopped
check "start brings the engine back"               "$LAB" start es-1
check "with its document"                          finds_the_document
check "up starts again what died"                  heals_what_died_by_itself
check "a pid that is another's now is left alone"  spares_a_process_that_inherited_a_pid
check "down ends all"                              leaves_nothing_running
check "wipe removes the lab's data and no other"   wipes_only_its_own
