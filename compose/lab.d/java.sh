# shellcheck shell=bash
# Which JDK runs what.

java_needed_by() {
    case $1 in
        es9 | os3) echo 21 ;;
        *)         echo 17 ;;
    esac
}

candidate_jdks() {
    local home java
    for home in /usr/lib/jvm/*; do
        # The distribution's names are links to one another: each JDK counts once.
        if [[ -d $home && ! -L $home ]]; then echo "$home"; fi
    done
    if java=$(command -v java); then
        java=$(readlink -f "$java")
        echo "${java%/bin/java}"
    fi
}

# Empty when the folder holds no whole JDK: the launchers are compiled here, so a bare runtime is not enough.
jdk_version() {
    local home=$1 text=''
    [[ -x $home/bin/java && -x $home/bin/javac ]] || return 0
    if [[ -r $home/release ]]; then text=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$home/release"); fi
    if [[ ! $text ]]; then text=$("$home/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p'); fi
    text=${text#1.}
    text=${text%%[!0-9]*}
    echo "$text"
}

find_jdk() {
    local needed=$1 home version best='' best_version=9999
    if [[ ${JAVA_HOME:-} ]]; then
        version=$(jdk_version "$JAVA_HOME")
        if [[ $version ]] && ((version >= needed)); then echo "$JAVA_HOME"; return; fi
    fi
    while read -r home; do
        version=$(jdk_version "$home")
        if [[ $version ]] && ((version >= needed && version < best_version)); then
            best=$home best_version=$version
        fi
    done < <(candidate_jdks)
    [[ $best ]] || return 1
    echo "$best"
}

require_jdk() {
    local user=$1 needed
    needed=$(java_needed_by "$user")
    find_jdk "$needed" ||
        fail "$user needs a JDK $needed or later, none is in JAVA_HOME, /usr/lib/jvm or PATH: install openjdk-$needed-jdk-headless (or a Temurin JDK where the distribution has none so new)"
}

require_tools() {
    local tool missing=''
    for tool in curl flock setsid; do
        command -v "$tool" >/dev/null || missing+=" $tool"
    done
    # With all downloads in place a machine without Maven, or without a network, will do.
    command -v mvn >/dev/null || is_all_fetched || missing+=" mvn"
    find_jdk 17 >/dev/null || missing+=" java(a JDK 17 or later)"
    [[ ! $missing ]] || fail "missing:$missing; install the packages openjdk-17-jdk-headless maven curl util-linux"
}
