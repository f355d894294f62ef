# shellcheck shell=bash
# What is done to the servers in tests: by the lab, by the engine's own settings, and by a proxy before the engine.
# To be sourced after lib.sh. NARU_PROXY_BIN is naru_cutting_proxy.
# shellcheck disable=SC2016,SC2034 # jq's variables, and those that others use

# ---- the proxy ----

PROXY_PID='' PROXY_ES=''

start_proxy() { # OPTIONS...: its address is then in PROXY_ES
    rm -f "$WORK/proxy.out" # else the last one's line is read
    "${NARU_PROXY_BIN:?}" --engine "$NARU_TEST_ES" "$@" >"$WORK/proxy.out" 2>&1 &
    PROXY_PID=$!
    wait_until 20 grep -qs '^listening on [^,]*,' "$WORK/proxy.out" || return 1
    PROXY_ES=http://$(sed -n 's/^listening on \([^,]*\),.*/\1/p' "$WORK/proxy.out")
}

stop_proxy() { # its counts are then in $WORK/proxy.json
    kill -TERM "$PROXY_PID"
    wait "$PROXY_PID"
    tail -n 1 "$WORK/proxy.out" >"$WORK/proxy.json"
}

proxy_count() { # FAULT
    jq ".[\"$1\"]" "$WORK/proxy.json"
}

# ---- processes ----

node_process() { # NODE
    local pid
    read -r pid _ <"$NARU_LAB_STATE/pids/$1"
    echo "$pid"
}

# It keeps its connections and answers nothing.
freeze() { kill -STOP "$(node_process "$1")"; } # NODE
thaw() { kill -CONT "$(node_process "$1")"; }   # NODE

# ---- the engine's own ways to refuse ----

# What Elasticsearch does to an index when its disk is full.
block_index() { # INDEX
    es "$1/_settings" -f -X PUT -d '{"index.blocks.read_only_allow_delete": true}' >/dev/null
}

unblock_index() { # INDEX
    es "$1/_settings" -f -X PUT -d '{"index.blocks.read_only_allow_delete": null}' >/dev/null
}

# The alias that the bridge writes to; what it was is kept.
remove_alias() { # INDEX
    es "_alias/$1_write" -f >"$WORK/alias.$1_write"
    change_alias "$1_write" '{remove: {index: .key, alias: $a}}'
}

restore_alias() { # INDEX
    change_alias "$1_write" '{add: (.value.aliases[$a] + {index: .key, alias: $a})}'
}

change_alias() { # ALIAS ACTION, a jq filter for each index of it
    jq --arg a "$1" "{actions: [to_entries[] | $2]}" "$WORK/alias.$1" | es _aliases -f -X POST -d @- >/dev/null
}

# The limit of bytes in requests under way, so low that it answers 429 to all but small ones.
squeeze_engine() {
    es _cluster/settings -f -X PUT -d '{"transient": {"network.breaker.inflight_requests.limit": "16kb"}}' >/dev/null
}

relieve_engine() {
    es _cluster/settings -f -X PUT -d '{"transient": {"network.breaker.inflight_requests.limit": null}}' >/dev/null
}
