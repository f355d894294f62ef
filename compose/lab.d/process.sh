# shellcheck shell=bash
# Servers as processes: started free of this shell, known again by pid and start time, ended only when they are ours.

# Field 22 of /proc/PID/stat. A pid alone is no proof: the kernel hands it on. A zombie counts as gone.
start_time_of() {
    local text fields
    { read -r text <"/proc/$1/stat"; } 2>/dev/null || return 1
    # The second field is the command's name in brackets and may hold blanks.
    read -r -a fields <<<"${text##*) }"
    [[ ${fields[0]} != Z ]] || return 1
    echo "${fields[19]}"
}

# Prints the pid of a running node; fails when it does not run or its pid now belongs to something else.
node_pid() {
    local pid started
    { read -r pid started _ <"$STATE/pids/$1"; } 2>/dev/null || return 1
    [[ $(start_time_of "$pid") == "$started" ]] || return 1
    echo "$pid"
}

is_running() { node_pid "$1" >/dev/null; }

running_nodes() {
    local name
    for name in $(node_names); do
        if is_running "$name"; then echo "$name"; fi
    done
}

stopped_nodes() {
    local name
    for name in $(node_names); do
        if ! is_running "$name"; then echo "$name"; fi
    done
}

# A server must hold neither the lab's lock nor a pipe of whoever called the lab: `compose/lab up | cat` has to end.
close_inherited_files() {
    local file
    for file in /proc/self/fd/*; do
        file=${file##*/}
        if ((file > 2)); then eval "exec $file>&-"; fi
    done
}

launch() {
    local name=$1 log=$STATE/logs/$1.log log_size
    shift
    log_size=$(stat -c %s "$log" 2>/dev/null || echo 0)
    (
        cd "$STATE/tmp" || exit
        exec </dev/null >>"$log" 2>&1
        close_inherited_files
        exec setsid "$@"
    ) &
    echo "$! $(start_time_of $! || echo gone) $log_size" >"$STATE/pids/$name"
}

# The log goes on from run to run: what an earlier run said must not pass for this one's.
log_since_launch() {
    local log_size
    read -r _ _ log_size <"$STATE/pids/$1"
    tail -c "+$((log_size + 1))" "$STATE/logs/$1.log"
}

# One after the other would cost each its time: all get the signal first, then all are waited for.
end_nodes() {
    local name pid told=$SECONDS
    signal_nodes TERM "$@"
    for name in "$@"; do
        while pid=$(node_pid "$name"); do
            if ((SECONDS - told >= 20)) || is_hopeless "$name" $((SECONDS - told)); then
                say "$name does not end by SIGTERM: killed"
                kill -KILL "$pid" 2>/dev/null || true
                await_end_of "$name"
            fi
            sleep 0.1
        done
        rm -f -- "$STATE/pids/$name"
    done
}

kill_nodes() {
    local name
    signal_nodes KILL "$@"
    for name in "$@"; do
        await_end_of "$name"
        rm -f -- "$STATE/pids/$name"
    done
}

signal_nodes() {
    local signal=$1 name pid
    shift
    for name in "$@"; do
        if pid=$(node_pid "$name"); then kill "-$signal" "$pid" 2>/dev/null || true; fi
    done
}

# For what SIGKILL was sent to: not at once gone, but no longer a matter of its own will.
await_end_of() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        is_running "$1" || return 0
        sleep 0.05
    done
    fail "$1 (pid $(node_pid "$1")) survives SIGKILL: does it belong to another user?"
}

# A broker asks the controllers for leave to go. Without a quorum of them it would ask for minutes.
is_hopeless() { [[ $1 == kafka-* ]] && (($2 >= 8)) && ! has_quorum; }
