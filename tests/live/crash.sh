# shellcheck shell=bash
# One round of the crash suite, for crash_test.sh and tests/soak. To be sourced after lib.sh and faults.sh.
#
# Rows are fed slice by slice while a bridge built with fault points is killed with SIGKILL at each of them, again and
# again, half of the time behind the cutting proxy; meanwhile brokers and the engine are killed, stopped, frozen and made
# to refuse. When all has passed a last bridge takes the rest, and naru verify is the judge.
: "${NARU_FAULTY_BIN:?the naru built with fault points}"

POINTS=(sent answered settled before_commit after_commit letter_sent buried stopping stop)
OUTAGE_KINDS=(kill-engine kill-broker block no-alias freeze-engine stop-broker squeeze freeze-broker stop-engine)
PROXY_RATES=(--cut-before 3 --cut-after 3 --truncate 3 --late-answer 2 --late-request 2 --repeat 3 --busy 1
    --unavailable 2 --late-ms 4000 --storm-ms 700)
LARGEST_INTEGER=2147483647
LAST_RUN_SECONDS=900

ROWS=0 REFUSED=0 JUNK=0
declare -gA KILLED=() # also when a function sources this
KILLS_DONE=0 STOPPED=0 UNEXPECTED=0
FEEDER='' DRIVER='' WATCHER=''

# ---- records ----

# Slices of about the same number of rows. Those of large companies do not fit the mapping: see crash_dataset.
make_slices() { # ROWS SLICES
    local days=$(($2 * 2)) stocks
    stocks=$(($1 / days > 4000 ? 4000 : $1 / days + 1))
    days=$(($1 / stocks + 1))
    naru generate --out "$WORK/history" --to "$(date -d "1995-05-02 + $((days * 7 / 5 + 30)) days" +%F)" \
        --stocks "$stocks" --seed "$CRASH_SEED" --quiet
    mkdir "$WORK/slices"
    awk -v per="$(($1 / $2 + 1))" -v last="$1" -v folder="$WORK/slices" '
        NR == 1 { head = $0 }
        FNR == 1 { next }
        n == last { exit }
        n++ % per == 0 { close(out); out = sprintf("%s/%04d.csv", folder, slices++); print head >out }
        { print >out }' "$WORK"/history/*.csv
    rm -r "$WORK/history"
    SLICES=("$WORK"/slices/*.csv)
    ROWS=$(cat "${SLICES[@]}" | grep -c '^"[0-9]')
    REFUSED=$(awk -F , -v most=$LARGEST_INTEGER 'FNR > 1 && $15 + 0 > most { n++ } END { print n + 0 }' "${SLICES[@]}")
    JUNK=0
    # A dozen requests a slice, so that a bridge meets its fault point before it has nothing left to do.
    BATCH_BYTES=$((ROWS * 350 / 12 / $2))
    BATCH_BYTES=$((BATCH_BYTES < 16384 ? 16384 : BATCH_BYTES > 262144 ? 262144 : BATCH_BYTES))
}

# marcap with an index of its own, whose mapping is narrower than the data: the engine refuses the largest numbers of
# shares, so that there are dead letters among the rows.
crash_dataset() { # NAME
    jq --arg n "$1" '.name = $n | .index = $n' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/$1.json"
    jq '(.columns[] | select(.name == "Stocks")).type = "integer"' "$WORK/$1.json" >"$WORK/$1.narrow.json"
    naru mappings apply "$WORK/$1.narrow.json" --set "elasticsearch.hosts=$NARU_TEST_ES" >/dev/null
    echo "$WORK/$1.json"
}

# The rows of a slice, and records that are no JSON, which never get as far as the engine.
feed() { # TOPIC DATASET SLICE
    naru replay "${SLICES[$3]}" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 6:3 --dataset "$2" \
        --keep-zero-volume --pace max --quiet
    seq -f "junk-$3-%g	this is not JSON" 3 |
        kcat -b "$NARU_TEST_BROKERS" -t "$1" -P -K '	' -X enable.idempotence=true
}

feed_next() { # TOPIC DATASET: the next slice, when the one before has arrived
    if [[ -n $FEEDER ]]; then
        ! kill -0 "$FEEDER" 2>/dev/null || return 0
        wait "$FEEDER" || FEEDS_FAILED=$((FEEDS_FAILED + 1))
        FEEDER=''
    fi
    ((FED < ${#SLICES[@]})) || return 0
    feed "$1" "$2" "$FED" >>"$WORK/feed.log" 2>&1 &
    FEEDER=$!
    FED=$((FED + 1)) JUNK=$((JUNK + 3))
}

# ---- bridges ----

# In the place of the shell that calls it, so that $! is the bridge. --force: that the mapping is too narrow is meant.
faulty_bridge() { # ENGINE TOPIC DATASET FAULT OPTIONS...
    exec env -i PATH="$PATH" NARU_FAULT="$4" ${COMMIT_RULE:+NARU_FAULT_COMMIT_RULE=$COMMIT_RULE} "$NARU_FAULTY_BIN" bridge --force \
        --set "kafka.bootstrap.servers=$NARU_TEST_BROKERS" --set "elasticsearch.hosts=$1" \
        --set "kafka.group.id=group-$2" --set "kafka.group.instance.id=one" --set kafka.session.timeout.ms=45000 \
        --set "bridge.topics=$2" --set "bridge.dataset=$3" --set "admin.listen=127.0.0.1:$ADMIN_PORT" \
        --set "bridge.batch_bytes=$BATCH_BYTES" --set bridge.commit_interval_ms=100 --set bridge.memory_bytes=4m \
        --set bridge.retry_max_ms=1s --set bridge.drain_timeout_ms=2s --set elasticsearch.request_timeout_ms=3s "${@:5}"
}

has_ended() { ! kill -0 "$1" 2>/dev/null; } # PID

ends_within() { # TENTHS PID
    local tries
    for ((tries = $1 * 2; tries > 0; tries--)); do
        ! has_ended "$2" || return 0
        sleep 0.05
    done
    return 1
}

is_assigned() { grep -q 'partitions assigned' "$1"; } # LOG

# One bridge from its start to its end: killed at a fault point that it reaches a chosen number of times, or, when it does
# not reach it soon, at any moment; or told to stop, and then let be.
run_and_kill() { # TOPIC DATASET
    local point=${POINTS[RANDOM % ${#POINTS[@]}]} count=$((RANDOM % 16 + 1)) engine=$NARU_TEST_ES
    local log=$WORK/bridge.$((BRIDGES++)).log patience=$((RANDOM % 20 + 20)) pid rc=0 how
    how=$point
    case $point in
    buried | letter_sent) count=$((RANDOM % 3 + 1)) ;;
    stopping) count=1 ;;
    before_commit | after_commit) count=$((RANDOM % 6 + 1)) ;;
    esac
    ((RANDOM % 2)) || engine=$PROXY_ES
    faulty_bridge "$engine" "$1" "$2" "$point:$count" >"$log" 2>&1 &
    pid=$!
    if [[ $point == stop* ]] && wait_until 20 is_assigned "$log"; then
        sleep 0.$((RANDOM % 8))
        kill -TERM $pid || true
        patience=150
    fi
    if ! ends_within "$patience" $pid; then
        kill -KILL $pid || true
        how=any
    fi
    wait $pid 2>/dev/null || rc=$?
    if [[ $rc == 137 ]]; then
        KILLED[$how]=$((${KILLED[$how]:-0} + 1)) KILLS_DONE=$((KILLS_DONE + 1))
    elif [[ $rc == 0 && $point == stop* ]]; then
        STOPPED=$((STOPPED + 1))
    else
        UNEXPECTED=$((UNEXPECTED + 1))
        echo "a bridge ended by itself with exit code $rc, see $log:"
        tail -n 3 "$log"
    fi
}

# ---- outages ----

outage() { # KIND TOPIC
    local broker=kafka-$((RANDOM % 3 + 1)) seconds=$((RANDOM % 3 + 1))
    case $1 in
    kill-engine) lab kill es-1 && sleep "$seconds" && lab start es-1 ;;
    stop-engine) lab stop es-1 && sleep "$seconds" && lab start es-1 ;;
    freeze-engine) freeze es-1 && sleep $((seconds + 3)) && thaw es-1 ;;
    kill-broker) lab kill "$broker" && sleep "$seconds" && lab start "$broker" ;;
    stop-broker) lab stop "$broker" && sleep "$seconds" && lab start "$broker" ;;
    freeze-broker) freeze "$broker" && sleep $((seconds + 3)) && thaw "$broker" ;;
    block) block_index "$2" && sleep "$seconds" && unblock_index "$2" ;;
    no-alias) remove_alias "$2" && sleep "$seconds" && restore_alias "$2" ;;
    squeeze) squeeze_engine && sleep "$seconds" && relieve_engine ;;
    esac
}

# One after the other, so that a topic of three replicas always keeps two.
all_outages() { # TOPIC NUMBER
    local i kind
    RANDOM=$((CRASH_SEED + 1)) # a subshell has its own
    for ((i = 0; i < $2; i++)); do
        kind=${OUTAGE_KINDS[i % ${#OUTAGE_KINDS[@]}]}
        if outage "$kind" "$1" >>"$WORK/outages.log" 2>&1; then
            echo "$kind" >>"$WORK/outages"
        else
            echo "failed: $kind" >>"$WORK/outages"
        fi
    done
}

# ---- the ledger ----

watch_ledger() {
    local page
    while :; do
        if page=$(curl -sS --noproxy '*' --max-time 1 "http://127.0.0.1:$ADMIN_PORT/status" 2>/dev/null); then
            echo "$page" >>"$WORK/status"
        fi
        sleep 0.2
    done
}

# In each page of /status, of the whole and of each partition: consumed is the sum of what became of it.
unbalanced_pages() {
    jq -c 'select([.ledger, .partitions[]] | all(.consumed == .created + .updated + .duplicate + .deleted
        + .dead_lettered + .skipped + .released + .pending) | not)' "$WORK/status"
}

# The same in each line that bridges wrote of it, in their closing reports above all.
unbalanced_lines() {
    grep -hE 'msg=(ended|progress) consumed=' "$WORK"/bridge.*.log | awk '{
        sum = 0
        for (i = 1; i <= NF; i++) {
            split($i, f, "=")
            if (f[1] == "consumed") consumed = f[2]
            if (f[1] ~ /^(created|updated|duplicate|deleted|dead_lettered|skipped|released|pending)$/) sum += f[2]
        }
        if (sum != consumed) print
    }'
}

closing_reports() { cat "$WORK"/bridge.*.log | grep -c 'msg=ended consumed='; }

# ---- the round ----

crash_clean_up() {
    local node
    for node in "$NARU_LAB_STATE"/pids/*; do
        thaw "${node##*/}" 2>/dev/null || true
    done
    live_clean_up
}
trap crash_clean_up EXIT

verify_round() { audit "$1" "$1" --keep-zero-volume "${SLICES[@]}" --report "$WORK/verify.json"; } # TOPIC

found() { # WHAT, a jq filter on the verdict
    jq -r "$1" "$WORK/verify.json"
}

play() { # TOPIC DATASET KILLS OUTAGES
    FED=0 FEEDS_FAILED=0 BRIDGES=0
    : >"$WORK/status"
    : >"$WORK/outages"
    ADMIN_PORT=$(free_port)
    feed_next "$1" "$2"
    wait "$FEEDER" # the topic is there
    FEEDER=''
    start_proxy --seed "$CRASH_SEED" "${PROXY_RATES[@]}"
    watch_ledger &
    WATCHER=$!
    all_outages "$1" "$4" &
    DRIVER=$!
    while ((KILLS_DONE < $3)) || { ((FED < ${#SLICES[@]})) && ! has_ended $DRIVER; }; do
        feed_next "$1" "$2"
        run_and_kill "$1" "$2" 2>>"$WORK/killed" # bash tells of each
    done
    while ((FED < ${#SLICES[@]})) || [[ -n $FEEDER ]]; do
        feed_next "$1" "$2"
        sleep 0.1
    done
}

# What is left, through the proxy: as long as there are outages for ever, and then to the end.
last_runs() { # TOPIC DATASET
    local log=$WORK/bridge.$((BRIDGES++)).log pid rc=0
    if ! has_ended $DRIVER; then
        faulty_bridge "$PROXY_ES" "$1" "$2" none:0 >"$log" 2>&1 &
        pid=$!
        wait $DRIVER
        kill -TERM $pid
        wait $pid || rc=$?
    else
        wait $DRIVER
    fi
    check "no bridge ended by itself" equal "0 0" "$UNEXPECTED $rc"
    log=$WORK/bridge.$((BRIDGES++)).log
    (faulty_bridge "$PROXY_ES" "$1" "$2" none:0 --until-end) >"$log" 2>&1 &
    pid=$!
    check "a last one takes all that is left" wait_until $LAST_RUN_SECONDS has_ended $pid
    kill -KILL $pid 2>/dev/null || true
    rc=0
    wait $pid || rc=$?
    check "and ends well" equal 0 "$rc"
    kill $WATCHER
    wait $WATCHER 2>/dev/null || true
    stop_proxy
}

judge() { # TOPIC DATASET
    check "all rows were sent" equal 0 "$FEEDS_FAILED"
    check "each outage took place" equal "" "$(grep failed "$WORK/outages")"
    check "naru verify: 0 missing, 0 extra, 0 different" verify_round "$1"
    check "of all rows" equal "$ROWS $ROWS $((ROWS - REFUSED))" "$(found '"\(.csv.ids) \(.topic.ids) \(.index.ids)"')"
    check "what was refused is a dead letter, and nothing else" equal $((REFUSED + JUNK)) "$(found .findings.dead_lettered)"
    check "all is committed" equal 0 "$(found .topic.behind_committed)"
    check "the ledger balances on each page" equal "" "$(unbalanced_pages)"
    check "and in each closing report" equal "" "$(unbalanced_lines)"
    check "of which there are some" test "$(closing_reports)" -gt 0
    check "no index was made but the dataset's" equal "$1-v1" "$(es '_cat/indices?h=index' | grep -xE "$1(-.*)?")"
    check "the proxy did harm" proxy_did_harm
}

# With many requests each kind must have come.
proxy_did_harm() {
    jq -e 'if .bulk < 1000 then .bulk > .passed else del(.["no-answer"]) | all(. > 0) end' "$WORK/proxy.json"
}

tally() { # what there was, in a line
    local point text="$ROWS rows, $((REFUSED + JUNK)) dead letters, $KILLS_DONE kills ("
    for point in "${!KILLED[@]}"; do text+="$point ${KILLED[$point]}, "; done
    text="${text%, }), $STOPPED stops, $(wc -l <"$WORK/outages") outages ("
    text+="$(sort "$WORK/outages" | uniq -c | awk '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $2, $1 }'))"
    echo "$text, $(wc -l <"$WORK/status") ledgers seen; proxy: $(tr -d '{}"' <"$WORK/proxy.json" | sed 's/,/, /g; s/:/ /g')"
}

crash_round() { # TOPIC ROWS KILLS OUTAGES: checks are counted as everywhere
    local dataset slices=$(($3 > $4 * 6 ? $3 : $4 * 6))
    KILLED=() KILLS_DONE=0 STOPPED=0 UNEXPECTED=0
    make_slices "$2" $slices
    dataset=$(crash_dataset "$1")
    play "$1" "$dataset" "$3" "$4"
    last_runs "$1" "$dataset"
    judge "$1" "$dataset"
    tally
}
