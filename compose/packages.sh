# shellcheck shell=bash
# shellcheck disable=SC2034 # the lists are read by those who source this
# Which Debian and Ubuntu packages naru needs, for what, and how to install
# those that are missing. Sourced by compose/demo and tests/run; run by people.

# To build.
PACKAGES_BUILD=(gcc libc6-dev cmake ninja-build pkg-config
    librdkafka-dev libcurl4-openssl-dev libssl-dev libcsv-dev libevent-dev
    libexpat1-dev libjansson-dev libinih-dev zlib1g-dev libzstd-dev
    libjemalloc-dev)
# To run the local Kafka and Elasticsearch, and to look into them.
PACKAGES_LAB=(maven curl util-linux kcat jq openssl)
# To test; demo needs none of these. The browser looks at the bridge's page; Ubuntu has none as a package, and that test is
# skipped there; as is fuzzing without clang and its libraries.
PACKAGES_TEST=(libcmocka-dev python3 python3-venv procps zstd "chromium?" "clang?" "libclang-rt-dev?"
    man-db groff mandoc zsh shellcheck binutils dpkg-dev file lintian mmdebstrap)
# To draw the dashboards without Kibana (kibana/render).
PACKAGES_DASHBOARDS=(python3 fonts-nanum)
command -v npm >/dev/null || PACKAGES_DASHBOARDS+=(nodejs npm) # others' packages of node are as good
# To look for faults: tests/analyze, tests/coverage, tests/fuzz/run, tests/valgrind.
PACKAGES_ANALYSIS=(clang clang-tidy libclang-rt-dev gcovr valgrind)
# To measure: the peers.
PACKAGES_BENCH=(rsyslog-kafka rsyslog-elasticsearch)

# A Java that Kafka and Elasticsearch run on: 17 where there is one.
packages_java() {
    if command -v javac >/dev/null || compgen -G '/usr/lib/jvm/*/bin/javac' >/dev/null; then
        return
    fi
    if apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then
        echo openjdk-17-jdk-headless
    else
        echo default-jdk-headless
    fi
}

# packages_missing NAME...: those of them that are not installed; a name with ? behind it only where apt knows of it.
packages_missing() {
    local name
    for name in "$@"; do
        if [[ $name == *'?' ]]; then
            name=${name%?}
            apt-cache show "$name" >/dev/null 2>&1 || continue
        fi
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -q '^installed$' || echo "$name"
    done
}

# packages_as_root COMMAND...
packages_as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "$0: root or sudo is needed to run: $*" >&2
        return 1
    fi
}

# packages_install NAME...: install what is missing, and say so before.
packages_install() {
    local missing
    command -v dpkg-query >/dev/null || {
        echo "$0: this is no Debian or Ubuntu; install what these packages hold by hand, then run again with NARU_SKIP_PACKAGES=1: $*" >&2
        return 1
    }
    mapfile -t missing < <(packages_missing "$@")
    # Some images carry build tools of their own that no package tells of.
    if [[ ${#missing[@]} -gt 0 || -n $(packages_java) ]]; then
        echo "installing packages: ${missing[*]} $(packages_java)" >&2
        packages_as_root apt-get update -qq || return 1
        mapfile -t missing < <(packages_missing "$@") # apt knows more now
        # shellcheck disable=SC2046 # one word or none
        DEBIAN_FRONTEND=noninteractive packages_as_root apt-get install -y -qq --no-install-recommends \
            "${missing[@]}" $(packages_java) >/dev/null || {
            echo "$0: apt-get could not install: ${missing[*]} $(packages_java); see its message above" >&2
            return 1
        }
    fi
}

# Run instead of sourced: bash compose/packages.sh build lab dashboards, the lists whose packages are to be there.
packages_main() {
    local list names=()
    for list in "$@"; do
        case $list in
        build) names+=("${PACKAGES_BUILD[@]}") ;;
        lab) names+=("${PACKAGES_LAB[@]}") ;;
        dashboards) names+=("${PACKAGES_DASHBOARDS[@]}") ;;
        *)
            echo "compose/packages.sh: unknown list '$list'; there are build, lab and dashboards" >&2
            return 2
            ;;
        esac
    done
    [[ ${#names[@]} -gt 0 ]] || {
        echo "usage: bash compose/packages.sh build|lab|dashboards..." >&2
        return 2
    }
    [[ -n ${NARU_SKIP_PACKAGES:-} ]] || packages_install "${names[@]}"
}
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
    set -euo pipefail
    packages_main "$@"
fi
