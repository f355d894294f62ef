#!/usr/bin/env bash
# Secured servers: brokers that want TLS and a login, an engine behind a TLS front that wants a password, a key or a
# certificate. What is right goes through; what is wrong is told, and nothing is lost, dropped or asked over and over.
# A lab of its own for the brokers; the engine is the other live tests'.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
# shellcheck source=compose/lab.d/certificates.sh
source "$LIVE_ROOT/compose/lab.d/certificates.sh"
# shellcheck source=tests/live/nginx_front.sh
source "$LIVE_ROOT/tests/live/nginx_front.sh"
KAFKA_PORT=${NARU_SECURITY_KAFKA_PORT:-30392}
SECURE_STATE=${NARU_SECURITY_STATE:-/tmp/naru-security-$$}
BROKER=127.0.0.1:$KAFKA_PORT
SUFFIX=$RANDOM
TOPIC=secure_$SUFFIX INDEX=secure-$SUFFIX
FRONT=$WORK/front

close() {
    if [[ -n ${FRONT_PID:-} ]]; then kill "$FRONT_PID" 2>/dev/null && wait "$FRONT_PID" 2>/dev/null; fi
    "$LAB" down --wipe --state "$SECURE_STATE" >"$WORK/down" 2>&1 || true
    live_clean_up
}
trap close EXIT

log_says() { grep -qF -- "$2" "$WORK/$1.log"; } # NAME TEXT

ended() { [[ -s $WORK/$1.code ]]; } # NAME

ended_with() { # NAME CODE
    wait_until 120 ended "$1" || { tail -5 "$WORK/$1.log"; return 1; }
    equal "$2" "$(cat "$WORK/$1.code")" || { tail -5 "$WORK/$1.log"; return 1; }
}

# The bridge itself, for signals: a child of the job that waits for it.
bridge_pid() { pgrep -n -f "^$NARU_BIN bridge .*bridge.topics=$1( |$)"; } # TOPIC

# ---- what both sides are ----

start_servers() {
    begin lab "$LAB" up --fresh --brokers 1 --engine none --kafka 3 --security sasl_ssl --state "$SECURE_STATE" \
        --kafka-port "$KAFKA_PORT" --kafka-heap 256m --timeout 240
    mkdir -p "$FRONT"
    make_ca "$FRONT" ca
    make_ca "$FRONT" other
    make_certificate "$FRONT" ca good IP:127.0.0.1,DNS:localhost 30
    make_certificate "$FRONT" ca name DNS:elsewhere.example 30
    make_certificate "$FRONT" ca expired IP:127.0.0.1 -1
    make_certificate "$FRONT" other stranger IP:127.0.0.1 30
    make_certificate "$FRONT" ca client DNS:client 30
    openssl ec -in "$FRONT/client.key" -aes128 -passout pass:key-secret -out "$FRONT/client-locked.key" 2>/dev/null
    echo key-secret >"$FRONT/client.password"
    printf 'naru:%s\n' "$(openssl passwd -apr1 es-secret)" >"$FRONT/users"
    echo es-secret >"$FRONT/password"
    echo wrong >"$FRONT/wrong"
    echo good-key >"$FRONT/key"
    echo good-token >"$FRONT/token"
    NGINX=$(nginx_path "$FRONT") || {
        skip "all of it" "nginx is not to be had"
        finish
        exit
    }
    for name in BASIC CLIENT ELSEWHERE EXPIRED STRANGER KEY; do printf -v "$name" '%s' "$(free_port)"; done
    front_start "$(servers)"
    wait_until 30 curl -sk --noproxy '*' -o "$WORK/up" "https://127.0.0.1:$KEY/"
    ended_with lab 0
}

servers() { # MORE FOR THE FIRST
    local login="auth_basic engine; auth_basic_user_file $FRONT/users;"
    front_server basic "$BASIC" good "$login" "${1:-}"
    front_server client "$CLIENT" good "ssl_client_certificate $FRONT/ca.pem; ssl_verify_client on;"
    front_server name "$ELSEWHERE" name
    front_server expired "$EXPIRED" expired
    front_server stranger "$STRANGER" stranger
    # shellcheck disable=SC2016 # nginx's variable
    front_server key "$KEY" good 'if ($http_authorization !~ "^(ApiKey good-key|Bearer good-token)$") { return 401; }'
}

# The plan of a dataset asks the engine, and tells what it thinks of it: plan PORT SETTINGS...
plan() {
    local port=$1 settings=()
    shift
    for setting in "$@"; do settings+=(--set "elasticsearch.$setting"); done
    naru mappings plan "$WORK/$INDEX.json" --set "elasticsearch.hosts=https://127.0.0.1:$port" "${settings[@]}"
}

plan_with_environment() { # PORT VARIABLE
    env -i PATH="$PATH" HOME="$WORK" "$2" "$NARU_BIN" mappings plan "$WORK/$INDEX.json" \
        --set "elasticsearch.hosts=https://127.0.0.1:$1" --set "elasticsearch.ca_file=$FRONT/ca.pem"
}

write_conf() {
    cat >"$WORK/secure.conf" <<END
[kafka]
bootstrap.servers = $BROKER
security.protocol = sasl_ssl
sasl.mechanism = SCRAM-SHA-512
sasl.username = naru
sasl.password_file = $SECURE_STATE/conf/sasl-password
ssl.ca.location = $SECURE_STATE/conf/ca.pem
group.id = group-$INDEX
session.timeout.ms = 6000
[elasticsearch]
hosts = https://127.0.0.1:$BASIC
ca_file = $FRONT/ca.pem
username = naru
password_file = $FRONT/bridge-password
[bridge]
dataset = $WORK/$INDEX.json
retry_max_ms = 2s
[admin]
listen = off
END
}

secure() { naru "$1" "${@:2}" -c "$WORK/secure.conf"; }

# ---- the engine ----

the_engine() {
    local ca="ca_file=$FRONT/ca.pem" pin colons key
    pin=$(openssl x509 -in "$FRONT/ca.pem" -outform der | sha256sum | cut -d' ' -f1)
    colons=$(openssl x509 -in "$FRONT/ca.pem" -noout -fingerprint -sha256 | cut -d= -f2)
    key=$(openssl x509 -in "$FRONT/good.own" -outform der | sha256sum | cut -d' ' -f1)
    local user=(username=naru "password_file=$FRONT/password")
    check "its own CA and a password" plan "$BASIC" "$ca" "${user[@]}"
    check "the CA's fingerprint" plan "$BASIC" "fingerprint=$pin" "${user[@]}"
    check "... with colons, as openssl prints it" plan "$BASIC" "fingerprint=$colons" "${user[@]}"
    check "the server's own fingerprint" plan "$BASIC" "fingerprint=$key" "${user[@]}"
    check "another server than the pinned one is told" command_says "has the fingerprint that is set" \
        plan "$STRANGER" "fingerprint=$pin"
    check "the pinned CA does not excuse an expired certificate" command_says "has expired" plan "$EXPIRED" "fingerprint=$pin"
    check "the pinned CA does not excuse another name" command_says "is of another host" plan "$ELSEWHERE" "fingerprint=$pin"
    check "an unknown CA is told" command_says "name the CA that signed it with ca_file" plan "$BASIC" "${user[@]}"
    check "another CA is told" command_says "name the CA that signed it" plan "$STRANGER" "$ca"
    check "an expired certificate is told" command_says "has expired" plan "$EXPIRED" "$ca"
    check "a certificate of another host is told" command_says "is of another host" plan "$ELSEWHERE" "$ca"
    check "verification turned off goes through" plan "$STRANGER" insecure_skip_verify=true
    check "... and is told loudly" command_says "INSECURE" plan "$STRANGER" insecure_skip_verify=true
    check "a wrong password is told" command_says "401" plan "$BASIC" "$ca" username=naru "password_file=$FRONT/wrong"
    check "HTTP where TLS is expected is told" command_says "does not speak TLS there" plan "${NARU_TEST_ES##*:}" "$ca"
    check "TLS where HTTP is expected is told" command_says "HTTPS port" naru mappings plan "$WORK/$INDEX.json" \
        --set "elasticsearch.hosts=http://127.0.0.1:$BASIC"
    check "no client certificate is told" command_says "No required SSL certificate" plan "$CLIENT" "$ca"
    check "a client certificate" plan "$CLIENT" "$ca" "client_cert_file=$FRONT/client.pem" \
        "client_key_file=$FRONT/client.key"
    check "a client certificate whose key has a password" plan "$CLIENT" "$ca" "client_cert_file=$FRONT/client.pem" \
        "client_key_file=$FRONT/client-locked.key" "client_key_password_file=$FRONT/client.password"
    check "a client certificate of another CA is told" command_says "SSL certificate error" plan "$CLIENT" "$ca" \
        "client_cert_file=$FRONT/stranger.pem" "client_key_file=$FRONT/stranger.key"
    check "an API key of a file" plan "$KEY" "$ca" "api_key_file=$FRONT/key"
    check "a bearer token of a file" plan "$KEY" "$ca" "bearer_token_file=$FRONT/token"
    check "an API key of the environment" plan_with_environment "$KEY" NARU_ELASTICSEARCH_API_KEY=good-key
    check "a wrong key is told" command_says "401" plan "$KEY" "$ca" "api_key_file=$FRONT/wrong"
}

# ---- the brokers ----

# Each takes ten seconds to give up: at once.
begin_wrong_logins() {
    local name=wrong_$SUFFIX
    begin k_password secure replay "${FILES[@]}" --topic "$name" --set "kafka.sasl.password_file=$FRONT/wrong"
    begin k_bridge secure bridge --set "bridge.topics=$name" --set "kafka.sasl.password_file=$FRONT/wrong"
    begin k_plain secure replay "${FILES[@]}" --topic "$name" --set kafka.sasl.mechanism=PLAIN \
        --set "kafka.sasl.password_file=$FRONT/wrong"
    begin k_ca secure replay "${FILES[@]}" --topic "$name" --set "kafka.ssl.ca.location=$FRONT/ca.pem"
    begin k_clear secure replay "${FILES[@]}" --topic "$name" --set kafka.security.protocol=plaintext
    begin k_tls secure replay "${FILES[@]}" --topic "$name" \
        --set "kafka.bootstrap.servers=127.0.0.1:$((KAFKA_PORT + 20))"
}

told() { # NAME EXIT-CODE TEXT
    ended_with "$1" "$2" || return 1
    log_says "$1" "$3" || {
        tail -5 "$WORK/$1.log"
        return 1
    }
}

judge_wrong_logins() {
    check "a wrong password is told to who replays" told k_password 1 "invalid credentials with SASL mechanism SCRAM-SHA-512"
    check "a wrong password is told to who ferries" told k_bridge 1 "invalid credentials with SASL mechanism SCRAM-SHA-512"
    check "a wrong password of PLAIN is told" told k_plain 1 "Authentication failed"
    check "another CA is told" told k_ca 1 "certificate verify failed"
    check "clear text to a port that speaks TLS is told" told k_clear 1 "connecting to a SSL listener"
    check "TLS to a port in clear is told" told k_tls 1 "SSL routines"
}

# ---- all of the way ----

ferry() { # NAME SETTINGS...
    local name=$1
    shift
    begin "$name" secure bridge --set "bridge.topics=$TOPIC" --until-end "$@"
}

agree() { secure verify "${FILES[@]}" --topic "$TOPIC" --index "$INDEX" --dataset "$WORK/$INDEX.json"; }

stored() { [[ $(documents "$INDEX") == "$1" ]]; }

# A login that is refused at the start: held, seldom tried, and taken up when its file holds another.
a_refused_login() {
    local before after
    cp "$FRONT/wrong" "$FRONT/bridge-password"
    before=$(front_requests basic)
    ferry refused
    check "a refused login is told" wait_until 60 log_says refused "refuses our login (401"
    check "... and tried again" wait_until 60 more_requests $((before + 4))
    sleep 3
    after=$(front_requests basic)
    check "... but not over and over" test $((after - before)) -le 40
    check "nothing is stored" equal 0 "$(documents "$INDEX")"
    cp "$FRONT/password" "$FRONT/bridge-password.new"
    mv "$FRONT/bridge-password.new" "$FRONT/bridge-password"
    check "with the right password in its file it goes on by itself" ended_with refused 0
    check "CSV, topic and index agree" agree
}

more_requests() { [[ $(front_requests basic) -ge $1 ]]; }

# Trouble that comes while records flow.
trouble_on_the_way() {
    local pid
    secure replay "${FILES[@]}" --topic "$TOPIC" --pace max --quiet
    begin flow secure bridge --set "bridge.topics=$TOPIC" --set "kafka.sasl.mechanism=SCRAM-SHA-256"
    check "it flows with SCRAM-SHA-256" wait_until 60 log_says flow "engine found"
    front_reload "$(servers "ssl_client_certificate $FRONT/ca.pem; ssl_verify_client on;")"
    sleep 1
    secure replay "${FILES[@]}" --topic "$TOPIC" --pace max --quiet
    check "a front that wants a certificate now is told, and waited for" wait_until 60 log_says flow "No required SSL certificate"
    check "... and no record is put away for that" equal 0 "$(grep -c 'dead_lettered=[1-9]' "$WORK/flow.log" || true)"
    pid=$(bridge_pid "$TOPIC")
    cat >>"$WORK/secure.conf" <<END
[elasticsearch]
client_cert_file = $FRONT/client.pem
client_key_file = $FRONT/client.key
[bridge]
linger_ms = 50
batch_docs = 5000
END
    kill -HUP "$pid"
    check "SIGHUP says what it takes" wait_until 30 log_says flow "setting=elasticsearch.client_cert_file"
    check "... and what it cannot" wait_until 30 log_says flow "takes effect only at the next start\" setting=bridge.batch_docs"
    printf 'naru:%s\n' "$(openssl passwd -apr1 rotated)" >"$FRONT/users"
    secure replay "${FILES[@]}" --topic "$TOPIC" --pace max --quiet
    check "a password that the server no longer takes is told" wait_until 60 log_says flow "HTTP 401"
    echo rotated >"$FRONT/bridge-password"
    check "its file's new one is found" wait_until 60 log_says flow "hold another secret now"
    kill -TERM "$pid"
    check "it ends" ended_with flow 0
    ferry rest
    check "the next run ferries what is left" ended_with rest 0
    check "CSV, topic and index agree after all" agree
}

start_servers
write_conf
own_dataset "$INDEX" >/dev/null
naru generate --out "$WORK/history" --from 2022-01-03 --to 2022-01-28 --stocks 60 --quiet
FILES=("$WORK"/history/*.csv)
cp "$FRONT/password" "$FRONT/bridge-password"
begin_wrong_logins
the_engine
check "records go to a topic by SCRAM-SHA-512" secure replay "${FILES[@]}" --topic "$TOPIC" --create-topic 3:1 --pace max --quiet
check "records go to a topic by PLAIN" secure replay "${FILES[@]}" --topic "plain_$SUFFIX" --create-topic 1:1 --pace max --quiet \
    --set kafka.sasl.mechanism=PLAIN
a_refused_login
trouble_on_the_way
judge_wrong_logins
finish
