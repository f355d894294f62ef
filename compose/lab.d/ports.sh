# shellcheck shell=bash
# Who listens where, read from /proc: no tool beyond the shell needed, and no connection made to a server.

node_port() {
    local number=${1#*-}
    case $1 in
        kafka-*) echo $((KAFKA_PORT + number - 1)) ;;
        es-*)    echo $((ES_PORT + number - 1)) ;;
    esac
}

controller_port() { echo $((KAFKA_PORT + 10 + ${1#*-} - 1)); }
internal_port()   { echo $((KAFKA_PORT + 20 + ${1#*-} - 1)); }
transport_port()  { echo $((ES_PORT + 100 + ${1#*-} - 1)); }

node_ports() {
    node_port "$1"
    case $1 in
        kafka-*)
            controller_port "$1"
            [[ $SECURITY == none ]] || internal_port "$1"
            ;;
        es-*)    transport_port "$1" ;;
    esac
}

listening_inodes() {
    local hex tables=(/proc/net/tcp)
    [[ ! -r /proc/net/tcp6 ]] || tables+=(/proc/net/tcp6)
    printf -v hex '%04X' "$1"
    awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 3) == port { print $10 }' "${tables[@]}"
}

is_listening() { [[ $(listening_inodes "$1") ]]; }

describe_owner() {
    local inode owner pid
    for inode in $(listening_inodes "$1"); do
        owner=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\[$inode\]" -print -quit 2>/dev/null || true)
        pid=${owner#/proc/}
        pid=${pid%%/*}
        if [[ $pid ]]; then
            echo "by pid $pid ($(tr -d '\0' <"/proc/$pid/comm" 2>/dev/null || echo unknown))"
            return
        fi
    done
    echo "by a process of another user or container"
}

# All complaints come before anything starts: half a lab is worse than none.
require_free_ports() {
    local name port option
    local -A seen=()
    for name in $(node_names); do
        for port in $(node_ports "$name"); do
            [[ ! -v seen[$port] ]] ||
                refuse "port $port is wanted by ${seen[$port]} and $name: move --kafka-port and --es-port apart"
            seen[$port]=$name
        done
    done
    for name in "$@"; do
        option=--kafka-port
        [[ $name == kafka-* ]] || option=--es-port
        for port in $(node_ports "$name"); do
            ! is_listening "$port" ||
                fail "port $port for $name is taken $(describe_owner "$port"): stop that, or choose another $option"
        done
    done
}
