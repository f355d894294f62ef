# shellcheck shell=bash
# The servers' jars: brought in once by Maven, kept in a cache that all labs of this user share.

CACHE=${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}

# The pom is the one place that names a version.
set_version() { sed -n '0,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' "$LAB_HOME/$1/pom.xml"; }

set_folder() { echo "$CACHE/$1-$(set_version "$1")"; }

launcher_sources() {
    case $1 in
        kafka | kafka3) echo "$LAB_HOME/kafka/FormatStorage.java" ;;
        es8 | es9) echo "$LAB_HOME/launcher/NodeProcess.java"; echo "$LAB_HOME/elastic-modules/EngineNode.java" ;;
        *)         echo "$LAB_HOME/launcher/NodeProcess.java"; echo "$LAB_HOME/$1/EngineNode.java" ;;
    esac
}

fingerprint_of() { cat "$@" | sha256sum | cut -c1-16; }

# The marker is written last and holds what it was made from: an interrupted download and one of an older pom both count as none.
is_downloaded() { [[ $(cat "$(set_folder "$1")/.complete" 2>/dev/null) == "$(fingerprint_of "$LAB_HOME/$1/pom.xml")" ]]; }

# Named by its source, so that an edit of it leaves the launcher of a running lab in place.
launcher_folder() {
    local sources
    mapfile -t sources < <(launcher_sources "$1")
    echo "$(set_folder "$1")/launcher-$(fingerprint_of "${sources[@]}")"
}

is_fetched() { is_downloaded "$1" && [[ -d $(launcher_folder "$1") ]]; }

sets_of_this_lab() {
    kafka_set
    [[ $ENGINE == none ]] || echo "$ENGINE"
}

is_all_fetched() {
    local set
    for set in $(sets_of_this_lab); do
        is_fetched "$set" || return 1
    done
}

fetch_all() {
    local set
    for set in $(sets_of_this_lab); do
        is_fetched "$set" || fetch "$set"
    done
}

fetch() {
    local set=$1 jdk lock
    jdk=$(require_jdk "$set")
    mkdir -p -- "$CACHE" 2>/dev/null || fail "cannot write in the cache folder $CACHE: set NARU_CACHE to another"
    exec {lock}>"$CACHE/$set.lock"
    if ! flock --nonblock "$lock"; then
        say "waiting for another compose/lab that is fetching $set"
        flock "$lock"
    fi
    # Whoever held the lock before may have fetched the very thing.
    is_downloaded "$set" || download "$set"
    [[ -d $(launcher_folder "$set") ]] || compile_launcher "$set" "$jdk"
    exec {lock}>&-
}

download() {
    local set=$1 folder temporary
    folder=$(set_folder "$set")
    say "fetching $set $(set_version "$set") into $folder"
    # What an interrupted download left: nobody else is at it, the lock is held.
    rm -rf -- "$CACHE/.$set".*
    temporary=$(mktemp -d "$CACHE/.$set.XXXXXX")
    download_jars "$set" "$temporary"
    arrange_modules "$set" "$temporary"
    fingerprint_of "$LAB_HOME/$set/pom.xml" >"$temporary/.complete"
    rm -rf -- "$folder"
    mv -- "$temporary" "$folder"
}

download_jars() {
    local set=$1 folder=$2
    if ! mvn -B -q -f "$LAB_HOME/$set/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
            -DoutputDirectory="$folder/lib" </dev/null >"$folder/mvn.log" 2>&1; then
        tail -n 15 "$folder/mvn.log" >&2
        fail "mvn could not bring in $set: check the network and the Maven settings, then run this again"
    fi
}

# From version 8 on the server loads its transport from a module folder, by a class loader of the module's own.
arrange_modules() {
    local set=$1 folder=$2 module=$2/modules/transport-netty4 version
    [[ $set == es8 || $set == es9 ]] || return 0
    version=$(set_version "$set")
    mkdir -p "$module"
    mv "$folder"/lib/netty-*.jar "$folder"/lib/transport-netty4-*.jar "$module/"
    sed -e "s/@VERSION@/$version/" -e "s/@JAVA@/$(java_needed_by "$set")/" \
        "$LAB_HOME/elastic-modules/transport-netty4.properties" >"$module/plugin-descriptor.properties"
}

compile_launcher() {
    local set=$1 jdk=$2 folder target sources
    folder=$(set_folder "$set")
    target=$(launcher_folder "$set")
    mapfile -t sources < <(launcher_sources "$set")
    rm -rf -- "$folder/launcher.new"
    if ! "$jdk/bin/javac" -nowarn -proc:none --release "$(java_needed_by "$set")" -cp "$folder/lib/*" \
            -d "$folder/launcher.new" "${sources[@]}" >"$folder/javac.log" 2>&1; then
        tail -n 15 "$folder/javac.log" >&2
        fail "javac could not compile the launcher of $set against its jars: remove $folder and run this again"
    fi
    mv -- "$folder/launcher.new" "$target"
}
