# shellcheck shell=bash
# The state folder: STATE/{settings,pids,logs,data,conf}. A marker file tells it from any other folder, so that a
# mistyped --state never costs somebody their files.

readonly STATE_ENTRIES=(settings pids logs data conf tmp demo-input) # the last is compose/demo's
MARKER=.naru-lab-state

is_state_folder() { [[ -f $STATE/$MARKER ]]; }

prepare_state_folder() {
    if [[ -e $STATE ]] && ! is_state_folder && [[ ! -d $STATE || $(ls -A -- "$STATE") ]]; then
        fail "$STATE is not empty and not a lab state folder: name another folder by --state"
    fi
    mkdir -p -- "$STATE"/{pids,logs,data,conf,tmp} 2>/dev/null ||
        fail "cannot write in $STATE: name another folder by --state"
    : >"$STATE/$MARKER"
}

require_a_lab() {
    [[ -f $STATE/$MARKER && -f $STATE/settings ]] || fail "no lab in $STATE: start one by compose/lab up"
    load_settings
}

require_state_folder_to_wipe() {
    [[ ! -e $STATE ]] || is_state_folder ||
        fail "$STATE is not a lab state folder (no file $MARKER in it): nothing removed, check --state"
}

# Only what the lab made goes; a file that somebody else put there stays, and the folder with it.
wipe_state_folder() {
    require_state_folder_to_wipe
    local entry
    for entry in "${STATE_ENTRIES[@]}"; do rm -rf -- "${STATE:?}/$entry"; done
}

save_settings() {
    local name
    for name in "${SETTING_NAMES[@]}"; do printf '%s=%s\n' "$name" "$(setting "$name")"; done >"$STATE/settings.new"
    mv -- "$STATE/settings.new" "$STATE/settings"
}

load_settings() {
    local name value
    while IFS='=' read -r name value; do
        if is_setting "$name"; then set_setting "$name" "$value"; fi
    done <"$STATE/settings"
}

# Two commands that start or stop the whole lab must not meet. The lock dies with this shell: servers never inherit it.
lock_state() {
    local patience=$1
    exec {STATE_LOCK}>"$STATE/lock"
    flock --wait "$patience" "$STATE_LOCK" ||
        fail "another compose/lab is at work on $STATE: wait for it to end"
}

node_names() {
    local number
    for ((number = 1; number <= BROKERS; number++)); do echo "kafka-$number"; done
    [[ $ENGINE != none ]] || return 0
    for ((number = 1; number <= ES_NODES; number++)); do echo "es-$number"; done
}

require_node() {
    node_names | grep -x -- "$1" >/dev/null ||
        fail "this lab has no $1: it has $(node_names | paste -s -d' ')"
}
