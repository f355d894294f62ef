# shellcheck shell=bash
# Elasticsearch and OpenSearch nodes, each started by a small launcher of ours: their own scripts are not on Maven Central.

engine_data() { echo "$STATE/data/$ENGINE-of-$ES_NODES/$1"; }

engine_url() { echo "http://127.0.0.1:$(node_port "$1")"; }

engine_urls() {
    if ((ES_NODES == 1)); then engine_url es-1; else echo "$(engine_url es-1),$(engine_url es-2)"; fi
}

write_engine_conf() {
    local name=$1 folder=$STATE/conf/$1
    mkdir -p "$folder" "$(engine_data "$name")" "$STATE/logs/$name"
    {
        echo "cluster.name=naru-lab"
        echo "node.name=$name"
        echo "path.home=$(set_folder "$ENGINE")"
        echo "path.data=$(engine_data "$name")"
        echo "path.logs=$STATE/logs/$name"
        echo "network.host=127.0.0.1"
        echo "http.port=$(node_port "$name")"
        echo "transport.port=$(transport_port "$name")"
        echo "http.type=netty4"
        echo "transport.type=netty4"
        # A developer's disk is often fuller than a server's; the watermarks would turn indices read-only.
        echo "cluster.routing.allocation.disk.threshold_enabled=false"
        if ((ES_NODES == 1)); then
            echo "discovery.type=single-node"
        else
            echo "discovery.seed_hosts=127.0.0.1:$(transport_port es-1)"
            echo "cluster.initial_$(manager_role)_nodes=es-1"
            if [[ $name == es-1 ]]; then echo "node.roles=$(manager_role)"; else echo "node.roles=data,ingest"; fi
        fi
        [[ -z ${NARU_LAB_ES_SETTINGS:-} ]] || tr ',' '\n' <<<"$NARU_LAB_ES_SETTINGS"
    } >"$folder/node.properties"
}

manager_role() { if [[ $ENGINE == os3 ]]; then echo cluster_manager; else echo master; fi; }

launch_engine() {
    local name=$1 heap=$ES_HEAP folder jdk for_newer=()
    folder=$(set_folder "$ENGINE")
    jdk=$(require_jdk "$ENGINE")
    # From 9 on Lucene and the server ask for these, which Java 17 does not have in that form.
    case $ENGINE in es9 | os3) for_newer=(--enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector) ;; esac
    # The Netty and Log4j options are those the distributions start their servers with.
    launch "$name" "$jdk/bin/java" "-Xms$heap" "-Xmx$heap" -Xss1m -XX:-UsePerfData -XX:-OmitStackTraceInFastThrow \
        -Djava.awt.headless=true -Dfile.encoding=UTF-8 "-Djava.io.tmpdir=$STATE/tmp" \
        -Dio.netty.noUnsafe=true -Dio.netty.noKeySetOptimization=true -Dio.netty.recycler.maxCapacityPerThread=0 \
        -Dlog4j2.disable.jmx=true -Dlog4j.shutdownHookEnabled=false "-Dlog4j2.configurationFile=$LAB_HOME/log4j2.properties" \
        "${for_newer[@]}" -cp "$(launcher_folder "$ENGINE"):$folder/lib/*" EngineNode "$STATE/conf/$name"
}

# With its partner down a node cannot form the cluster that was asked for: that it answers is then enough.
engine_is_ready() {
    local name=$1 running
    running=$(running_nodes | grep -c '^es-' || true)
    if ((running == ES_NODES)); then
        curl --silent --fail --max-time 3 --output /dev/null --noproxy '*' \
            "$(engine_url "$name")/_cluster/health?wait_for_status=yellow&wait_for_nodes=$running&timeout=1s"
    else
        curl --silent --max-time 3 --output /dev/null --noproxy '*' "$(engine_url "$name")/_cluster/health?local=true&timeout=1s"
    fi
}
