# shellcheck shell=bash
# Kafka brokers: each a broker and a controller in one, with static voters.

kafka_set() { if [[ $KAFKA == 4 ]]; then echo kafka; else echo "kafka$KAFKA"; fi; }

readonly SASL_USER=naru SASL_PASSWORD=naru-lab-password

# With logins its data is another's: they are written when it is formatted.
kafka_cluster() {
    local name=kafka-of-$BROKERS
    [[ $KAFKA == 4 ]] || name+=-kafka$KAFKA
    [[ $SECURITY == none ]] || name+=-$SECURITY
    echo "$STATE/data/$name"
}

kafka_data() { echo "$(kafka_cluster)/$1"; }

controller_voters() {
    local number voters=''
    for ((number = 1; number <= BROKERS; number++)); do
        voters+="${voters:+,}$number@127.0.0.1:$(controller_port "kafka-$number")"
    done
    echo "$voters"
}

bootstrap_servers() {
    local number servers=''
    for ((number = 1; number <= BROKERS; number++)); do
        servers+="${servers:+,}127.0.0.1:$(node_port "kafka-$number")"
    done
    echo "$servers"
}

write_kafka_conf() {
    local name=$1 in_sync=1 parts=("$LAB_HOME/kafka/broker.properties")
    if [[ $SECURITY == sasl_ssl ]]; then
        parts+=("$LAB_HOME/kafka/sasl_ssl.properties")
        make_kafka_certificates
    fi
    ((BROKERS == 1)) || in_sync=2
    sed -e "s|@ID@|${name#kafka-}|" \
        -e "s|@VOTERS@|$(controller_voters)|" \
        -e "s|@PORT@|$(node_port "$name")|" \
        -e "s|@CONTROLLER_PORT@|$(controller_port "$name")|" \
        -e "s|@DATA@|$(kafka_data "$name")|" \
        -e "s|@REPLICAS@|$BROKERS|" \
        -e "s|@IN_SYNC@|$in_sync|" \
        -e "s|@INTERNAL_PORT@|$(internal_port "$name")|" \
        -e "s|@CONF@|$STATE/conf|" -e "s|@USER@|$SASL_USER|" -e "s|@PASSWORD@|$SASL_PASSWORD|" \
        "${parts[@]}" >"$STATE/conf/$name.properties"
}

holds_a_day() { openssl x509 -checkend 86400 -noout -in "$1" >/dev/null 2>&1; } # CERTIFICATE

make_kafka_certificates() {
    local conf=$STATE/conf
    if [[ -s $conf/broker-keystore.pem ]] && holds_a_day "$conf/broker.pem" && holds_a_day "$conf/ca.pem"; then
        return 0
    fi
    (umask 077 && make_ca "$conf" ca && make_certificate "$conf" ca broker IP:127.0.0.1,DNS:localhost 30 &&
        printf '%s\n' "$SASL_PASSWORD" >"$conf/sasl-password" &&
        cat "$conf/broker.key" "$conf/broker.pem" >"$conf/broker-keystore.pem") ||
        fail "openssl could not make certificates in $conf"
}

scram_logins() {
    [[ $SECURITY == sasl_ssl ]] || return 0
    echo "SCRAM-SHA-256=[name=$SASL_USER,password=$SASL_PASSWORD]"
    echo "SCRAM-SHA-512=[name=$SASL_USER,password=$SASL_PASSWORD]"
}

# What a client needs, as lines of naru.conf.
print_kafka_security() {
    [[ $SECURITY == sasl_ssl ]] || return 0
    echo "security.protocol=sasl_ssl"
    echo "sasl.mechanism=SCRAM-SHA-512"
    echo "sasl.username=$SASL_USER"
    echo "sasl.password_file=$STATE/conf/sasl-password"
    echo "ssl.ca.location=$STATE/conf/ca.pem"
}

# Kafka takes 16 random bytes in URL-safe base64, and its tools read a leading dash as an option.
new_cluster_id() {
    local id='-'
    while [[ $id == -* ]]; do
        id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_')
    done
    echo "${id:0:22}"
}

kafka_java() {
    local jdk
    jdk=$(require_jdk "$(kafka_set)")
    KAFKA_JAVA=("$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData
        "-Djava.io.tmpdir=$STATE/tmp" "-Dlog4j2.configurationFile=$LAB_HOME/log4j2.properties"
        "-Dlog4j.configuration=file:$LAB_HOME/kafka3/log4j.properties")
}

# Every broker's folder at once, in one JVM: its start is what takes the time.
format_kafka_storage() {
    local name unformatted=() logins
    local identity
    identity=$(kafka_cluster)/cluster-id
    for name in "$@"; do
        [[ -f $(kafka_data "$name")/meta.properties ]] || unformatted+=("$STATE/conf/$name.properties")
    done
    ((${#unformatted[@]})) || return 0
    mkdir -p "${identity%/*}"
    [[ -s $identity ]] || new_cluster_id >"$identity"
    kafka_java
    mapfile -t logins < <(scram_logins)
    "${KAFKA_JAVA[@]}" -cp "$(launcher_folder "$(kafka_set)"):$(set_folder "$(kafka_set)")/lib/*" FormatStorage "$(cat "$identity")" "${logins[@]}" \
        "${unformatted[@]}" </dev/null >"$STATE/logs/format.log" 2>&1 || {
        tail -n 15 "$STATE/logs/format.log" >&2
        fail "could not format the brokers' storage in $STATE/data: try compose/lab up --fresh"
    }
}

launch_kafka() {
    local name=$1 heap=$KAFKA_HEAP
    kafka_java
    launch "$name" "${KAFKA_JAVA[@]}" "-Xms$heap" "-Xmx$heap" -cp "$(set_folder "$(kafka_set)")/lib/*" \
        kafka.Kafka "$STATE/conf/$name.properties"
}

has_quorum() {
    local running
    running=$(running_nodes | grep -c '^kafka-' || true)
    ((running > BROKERS / 2))
}

# A broker writes that line only after the controllers have registered and unfenced it. Without a quorum of them it never
# will, and all one can ask of a lone broker is that it listens for the others.
kafka_is_ready() {
    local name=$1
    if has_quorum; then
        is_listening "$(node_port "$name")" && log_since_launch "$name" | grep 'Kafka Server started' >/dev/null
    else
        is_listening "$(controller_port "$name")"
    fi
}
