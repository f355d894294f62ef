# shellcheck shell=bash
# nginx as a TLS front before the engine. Debian's package is unpacked, not installed: it would start a web server on port 80.

# nginx_path FOLDER: prints where it is; fails when there is none to be had.
nginx_path() {
    if command -v nginx; then return; fi
    [[ -x /usr/sbin/nginx ]] && { echo /usr/sbin/nginx; return; }
    (cd "$1" && apt-get download nginx >/dev/null 2>&1 && dpkg -x nginx_*.deb . && [[ -x usr/sbin/nginx ]]) || return 1
    echo "$1/usr/sbin/nginx"
}

# One server a line: NAME PORT CERTIFICATE MORE...
front_server() {
    local name=$1 port=$2 certificate=$3
    shift 3
    cat <<END
    server {
        listen 127.0.0.1:$port ssl;
        ssl_certificate $FRONT/$certificate.pem;
        ssl_certificate_key $FRONT/$certificate.key;
        access_log $FRONT/$name.log;
        $*
        location / { proxy_pass $NARU_TEST_ES; proxy_set_header Authorization ""; proxy_http_version 1.1; }
    }
END
}

# front_start SERVERS: nginx with the blocks that front_server made, as the job FRONT_PID.
front_write() {
    mkdir -p "$FRONT/tmp"
    cat >"$FRONT/nginx.conf" <<END
daemon off;
user root;
worker_processes 1;
pid $FRONT/nginx.pid;
error_log $FRONT/error.log;
events { worker_connections 256; }
http {
    client_max_body_size 100m;
    client_body_temp_path $FRONT/tmp/a;
    proxy_temp_path $FRONT/tmp/b;
    fastcgi_temp_path $FRONT/tmp/c;
    uwsgi_temp_path $FRONT/tmp/d;
    scgi_temp_path $FRONT/tmp/e;
    keepalive_timeout 5;
$1
}
END
    [[ $(id -u) == 0 ]] || sed -i '/^user /d' "$FRONT/nginx.conf"
}

front_start() {
    front_write "$1"
    "$NGINX" -p "$FRONT" -c "$FRONT/nginx.conf" -e "$FRONT/error.log" >"$FRONT/out" 2>&1 &
    FRONT_PID=$!
}

front_reload() {
    front_write "$1"
    kill -HUP "$FRONT_PID"
}

# Requests that the front's server NAME took until now.
front_requests() { wc -l <"$FRONT/$1.log"; }
