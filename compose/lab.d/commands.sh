# shellcheck shell=bash
# shellcheck disable=SC2153 # STATE is the state folder, state a word in a table
# What the user can ask for, one function a command.

declare -A LAUNCHED_AT=()
declare -a STARTED=()

lab_up() {
    require_tools
    prepare_state_folder
    # A little patience: a helper of an up that was killed may hold the lock for a moment more.
    lock_state 5
    keep_or_replace_settings
    local missing running
    mapfile -t missing < <(stopped_nodes)
    if ((${#missing[@]})); then
        require_jdks
        require_free_ports "${missing[@]}"
        fetch_all
        if [[ $FRESH ]]; then wipe_state_folder; prepare_state_folder; fi
        save_settings
        start_nodes "${missing[@]}"
    else
        mapfile -t running < <(running_nodes)
        wait_until_ready "${running[@]}"
    fi
    lab_status >&2
    print_addresses
}

# A running lab keeps its settings for all that was not asked for; what was asked for has to agree with it.
keep_or_replace_settings() {
    local name
    local -A asked=()
    for name in "${SETTING_NAMES[@]}"; do asked["$name"]=$(setting "$name"); done
    [[ -f $STATE/settings ]] || return 0
    load_settings
    if [[ $(running_nodes) ]]; then
        [[ ! $FRESH ]] || fail "the lab in $STATE runs and --fresh would remove its data: run compose/lab down first"
        for name in "${SETTING_NAMES[@]}"; do
            [[ ! -v GIVEN[$name] || $(setting "$name") == "${GIVEN[$name]}" ]] ||
                fail "the lab in $STATE runs with --$name $(setting "$name"), not ${GIVEN[$name]}: run compose/lab down first"
        done
    else
        for name in "${SETTING_NAMES[@]}"; do set_setting "$name" "${asked[$name]}"; done
    fi
}

require_jdks() {
    local set
    for set in $(sets_of_this_lab); do require_jdk "$set" >/dev/null; done
}

print_addresses() {
    echo "bootstrap.servers=$(bootstrap_servers)"
    print_kafka_security
    [[ $ENGINE == none ]] || echo "elasticsearch.hosts=$(engine_urls)"
}

start_nodes() {
    local name brokers=()
    trap 'stop_what_this_call_started' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    for name in "$@"; do
        case $name in
            kafka-*) write_kafka_conf "$name"; brokers+=("$name") ;;
            es-*)    write_engine_conf "$name"; start_node "$name" ;;
        esac
    done
    format_kafka_storage "${brokers[@]}"
    for name in "${brokers[@]}"; do start_node "$name"; done
    wait_until_ready "$@"
    trap - EXIT HUP INT TERM
}

start_node() {
    local name=$1
    say "starting $name"
    LAUNCHED_AT[$name]=$SECONDS
    STARTED+=("$name")
    case $name in
        kafka-*) launch_kafka "$name" ;;
        es-*)    launch_engine "$name" ;;
    esac
}

stop_what_this_call_started() {
    ((${#STARTED[@]})) || return 0
    say "stopping what was started: ${STARTED[*]}"
    end_nodes "${STARTED[@]}"
}

wait_until_ready() {
    local name waiting=("$@") still deadline=$((SECONDS + TIMEOUT))
    while ((${#waiting[@]})); do
        still=()
        for name in "${waiting[@]}"; do
            if is_ready "$name"; then
                [[ ! -v LAUNCHED_AT[$name] ]] || say "$name ready in $((SECONDS - LAUNCHED_AT[$name])) s"
            else
                is_running "$name" || give_up_on "$name" "ended while starting"
                ((SECONDS < deadline)) || give_up_on "$name" "is not ready after $TIMEOUT s (--timeout)"
                still+=("$name")
            fi
        done
        waiting=("${still[@]}")
        ((${#waiting[@]} == 0)) || sleep 0.3
    done
}

is_ready() {
    case $1 in
        kafka-*) kafka_is_ready "$1" ;;
        es-*)    engine_is_ready "$1" ;;
    esac
}

give_up_on() {
    say "--- the end of $STATE/logs/$1.log"
    log_since_launch "$1" | tail -n 15 >&2
    say "---"
    fail "$1 $2: see its log above"
}

lab_down() {
    if ! is_state_folder; then
        [[ ! $WIPE ]] || require_state_folder_to_wipe
        say "nothing to stop: no lab in $STATE"
        return 0
    fi
    lock_state 30
    if [[ -f $STATE/settings ]]; then load_settings; fi
    local running
    mapfile -t running < <(running_nodes)
    if ((${#running[@]})); then
        say "stopping ${running[*]}"
        # What is about to be removed need not be closed in good order.
        if [[ $WIPE ]]; then kill_nodes "${running[@]}"; else end_nodes "${running[@]}"; fi
    fi
    rm -rf -- "$STATE"/pids/*
    if [[ $WIPE ]]; then
        wipe_state_folder
        rm -f -- "$STATE/$MARKER" "$STATE/lock"
        rmdir -- "$STATE" 2>/dev/null || true
    fi
}

lab_status() {
    local name pid state memory up=0 all=0
    if ! is_state_folder || [[ ! -f $STATE/settings ]]; then
        say "no lab in $STATE"
        return 3
    fi
    [[ $COMMAND == up ]] || load_settings
    printf '%-8s %8s  %-8s %6s %8s\n' NAME PID STATE PORT MEMORY
    for name in $(node_names); do
        all=$((all + 1))
        pid=- memory=-
        if pid=$(node_pid "$name"); then
            memory=$(awk '/^VmRSS/ { printf "%d MB", $2 / 1024 }' "/proc/$pid/status" 2>/dev/null || true)
            state=starting
            if is_listening "$(node_port "$name")"; then state=up up=$((up + 1)); fi
        else
            pid=-
            state=stopped
            [[ ! -e $STATE/pids/$name ]] || state=died
        fi
        printf '%-8s %8s  %-8s %6s %8s\n' "$name" "$pid" "$state" "$(node_port "$name")" "$memory"
    done
    say "engine $ENGINE, state in $STATE"
    if ((up == all)); then return 0; elif ((up)); then return 1; else return 3; fi
}

lab_logs() {
    require_a_lab
    local name files=()
    ((${#NAMES[@]})) || mapfile -t NAMES < <(node_names)
    for name in "${NAMES[@]}"; do
        require_node "$name"
        [[ ! -e $STATE/logs/$name.log ]] || files+=("$STATE/logs/$name.log")
    done
    ((${#files[@]})) || fail "no logs yet in $STATE/logs: start the lab by compose/lab up"
    exec tail -n 100 ${FOLLOW:+-F} -- "${files[@]}"
}

lab_stop() {
    require_a_lab
    local name
    for name in "${NAMES[@]}"; do require_node "$name"; done
    for name in "${NAMES[@]}"; do
        if is_running "$name"; then say "stopping $name"; else say "$name does not run"; fi
    done
    end_nodes "${NAMES[@]}"
}

lab_start() {
    require_a_lab
    require_tools
    lock_state 60
    local name missing=()
    for name in "${NAMES[@]}"; do
        require_node "$name"
        if is_running "$name"; then say "$name runs already"; else missing+=("$name"); fi
    done
    ((${#missing[@]})) || return 0
    require_free_ports "${missing[@]}"
    fetch_all
    start_nodes "${missing[@]}"
}

lab_kill() {
    require_a_lab
    local name
    for name in "${NAMES[@]}"; do
        require_node "$name"
        is_running "$name" || fail "$name does not run: start it by compose/lab start $name"
    done
    say "killing ${NAMES[*]}"
    kill_nodes "${NAMES[@]}"
}

lab_fetch() {
    require_tools
    require_jdks
    fetch_all
    local set
    for set in $(sets_of_this_lab); do say "$set $(set_version "$set") is in $(set_folder "$set")"; done
}
