#!/usr/bin/env bash
# What a new user does wrong, and the one line that tells what to do. (What replay says of bad files and rows is tested
# in replay_test.sh.)
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

RC=0

run() { # COMMAND...: its output is in $WORK/out, its exit code in RC; it may not hang
    RC=0
    timeout 60 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" "$@" >"$WORK/out" 2>&1 || RC=$?
}

# One line on standard error, with the words that help, and the right exit code.
tells() { # EXIT_CODE WORDS...
    local code=$1 word
    shift
    cat "$WORK/out"
    [[ $RC == "$code" ]] || {
        echo "exit code $RC, wanted $code"
        return 1
    }
    [[ $(grep -c '^naru' "$WORK/out") == 1 && $(wc -l <"$WORK/out") -le ${LINES_ALLOWED:-1} ]] || {
        echo "wanted one line"
        return 1
    }
    for word in "$@"; do
        grep -qF -- "$word" "$WORK/out" || {
            echo "it does not say: $word"
            return 1
        }
    done
}

conf() { # LINES...: writes naru.conf
    printf '%s\n' "$@" >"$WORK/naru.conf"
}

the_front_door() {
    run
    check "no command" tells 2 "naru --help"
    run brigde
    check "a misspelt command" tells 2 "did you mean 'bridge'"
    run bridge --until-ned
    check "a misspelt option" tells 2 "did you mean --until-end"
    run bridge surprise
    check "an operand too many" tells 2 "surprise"
    run bridge --set
    check "an option without its value" tells 2 "--set"
}

configuration() {
    conf '[kafka]' 'bootstrap.servers = 127.0.0.1:1' '' '[bridge]' 'topisc = Stock_Data'
    run bridge -c "$WORK/naru.conf"
    check "a misspelt key is named with file and line" tells 2 "naru.conf:5" "topisc" "did you mean 'topics'"
    conf '[bridge]' 'topics = a' 'topics = b'
    run bridge -c "$WORK/naru.conf"
    check "a key given twice is named with both lines" tells 2 "naru.conf:3" "naru.conf:2"
    conf '[bridge]' 'linger_ms = soon'
    run bridge -c "$WORK/naru.conf"
    check "a value that is no duration" tells 2 "naru.conf:2" "soon" "500ms"
    conf '[kafka]' 'bootstrap.server = 127.0.0.1:1' '[bridge]' 'topics = a' 'index = b'
    run bridge -c "$WORK/naru.conf"
    check "a property that librdkafka does not know" tells 2 "naru.conf:2" "bootstrap.server"
    run bridge -c "$WORK/nothing.conf"
    check "a configuration that is not there" tells 2 "nothing.conf" "No such file"
    run bridge -c "$WORK"
    check "a configuration that is a directory" tells 2 "directory"
    run bridge --set bridge.topics=a --set bridge.dataset=marcab --set admin.listen=off
    check "a dataset that does not exist" tells 2 "marcab" "marcap"
    run bridge --set bridge.topics=a --set admin.listen=off
    check "neither dataset nor index" tells 2 "bridge.dataset"
    run bridge --set bridge.dataset=marcap --set admin.listen=off
    check "no topic" tells 2 "bridge.topics"
    run bridge --set bridge.topics=a --set bridge.index=b --set 'bridge.id=%{Code' --set admin.listen=off
    check "a pattern without its end" tells 2 "%{Code"
}

servers() {
    run bridge --set kafka.bootstrap.servers=127.0.0.1:1 --set bridge.topics=a --set bridge.index=b --set admin.listen=off
    check "bridge: no broker answers" tells 1 "127.0.0.1:1" "bootstrap.servers"
    run bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set bridge.topics=nosuchtopic --set bridge.index=b \
        --set admin.listen=off
    check "bridge: the topic does not exist" tells 1 "nosuchtopic" "does not exist"
    run mappings apply marcap --set elasticsearch.hosts=http://127.0.0.1:1
    check "mappings: no engine answers" tells 1 "127.0.0.1:1"
    run mappings apply marcap --set elasticsearch.hosts=localhost
    check "mappings: an address that is none" tells 2 "http://host:port"
    run bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set bridge.topics=a --set bridge.index=b \
        --set "admin.listen=${NARU_TEST_ES#http://}"
    check "bridge: the admin port is taken" tells 2 "admin.listen" "in use"
}

waiting_for_the_engine() {
    local pid
    replay waits "$WORK/day.csv" --pace max --quiet
    naru bridge --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set elasticsearch.hosts=http://127.0.0.1:1 \
        --set bridge.topics=waits --set bridge.dataset=marcap --set admin.listen=off >"$WORK/out" 2>&1 &
    pid=$!
    sleep 3
    check "bridge: an engine that is down is waited for, and said so" grep -q 'waiting for elasticsearch.*127.0.0.1:1' \
        "$WORK/out"
    pkill -TERM -P $pid
    check "and SIGTERM ends the wait with exit code 0" wait $pid
}

naru generate --out - --from 1995-05-02 --to 1995-05-02 --quiet >"$WORK/day.csv"
the_front_door
configuration
servers
waiting_for_the_engine
finish
