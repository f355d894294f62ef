#!/usr/bin/env bash
# naru mappings migrate while records come at 2,000 a second, a bridge writes and a reader reads: no write is lost, no reader
# sees a gap; the same with SIGKILL at each step and migrate again, or back.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"
: "${NARU_FAULTY_BIN:?the naru built with fault points}"

NAME=migrate VERSION=1
POINTS=(migrate_template migrate_created migrate_page migrate_copied migrate_settled migrate_holding migrate_held
    migrate_caught_up migrate_swapped migrate_finished)

# The history of 4,000 rows, round after round: each row anew with another volume, and 200 rows more.
make_rounds() {
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-08-31 --stocks 300 --quiet
    python3 - "$WORK" "$WORK"/history/*.csv <<'PYTHON'
import csv
import os
import sys

work, files = sys.argv[1], sys.argv[2:]
rows = []
for name in files:
    with open(name, encoding="utf-8", newline="") as file:
        head, *more = csv.reader(file)
        rows += more
volume = head.index("Volume")
os.mkdir(f"{work}/rounds")
for number in range((len(rows) - 4000) // 200):
    with open(f"{work}/rounds/{number:03d}.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for row in rows[: 4000 + 200 * number]:
            writer.writerow([*row[:volume], int(float(row[volume])) + number, *row[volume + 1 :]])
PYTHON
}

# A slow machine's bridge must not be left behind by ever more.
keeps_up() {
    curl -sS --noproxy '*' --max-time 5 "http://127.0.0.1:$ADMIN_PORT/status" | jq -e '[.partitions[].lag] | add < 2000' >/dev/null
}

# Round after round until $WORK/enough is there; the last one's file is named in $WORK/last.
stream() {
    local file
    for file in "$WORK"/rounds/*.csv; do
        [[ ! -e $WORK/enough ]] || return 0
        wait_until 120 keeps_up || return 1
        echo "$file" >"$WORK/last"
        naru replay "$file" --brokers "$NARU_TEST_BROKERS" --topic $NAME --dataset "$WORK/$NAME.json" --keep-zero-volume \
            --pace 2000/s --quiet || return 1
    done
    echo "the rounds are over too soon" >&2
    return 1
}

# The dataset with its version raised; other types, so that the mapping is another.
raise_version() {
    local type=long
    VERSION=$((VERSION + 1))
    ((VERSION % 2)) && type=integer
    jq --argjson v $VERSION --arg t $type '.schema_version = $v | (.columns[] | select(.name == "Rank")).type = $t' \
        "$LIVE_ROOT/mappings/marcap.json" | jq --arg n $NAME '.name = $n | .index = $n' >"$WORK/next.json"
    mv "$WORK/next.json" "$WORK/$NAME.json"
}

migrate() { # OPTIONS...: what it says is in $WORK/said
    naru mappings migrate "$WORK/$NAME.json" --set "elasticsearch.hosts=$NARU_TEST_ES" "$@" 2>&1 | tee "$WORK/said"
}

said() { grep -q -- "$1" "$WORK/said"; }

killed_at() { # POINT
    local rc=0
    env -i PATH="$PATH" NARU_FAULT="$1:1" "$NARU_FAULTY_BIN" mappings migrate "$WORK/$NAME.json" \
        --set "elasticsearch.hosts=$NARU_TEST_ES" || rc=$?
    equal 137 $rc
}

members() { es "_cat/aliases/$1?h=index" | tr -d ' '; } # ALIAS

is_at() { # VERSION: both aliases, and nothing else of ours stands
    equal "$NAME-v$1" "$(members $NAME)" && equal "$NAME-v$1" "$(members ${NAME}_write)" &&
        equal "$NAME-v$1" "$(es "_cat/indices/$NAME-v*?h=index" | tr -d ' ')"
}

holds() { # NUMBER: what readers see
    [[ $(documents $NAME) -ge $1 ]]
}

# A write that arrives after now: the bridge goes on.
goes_on() {
    local before
    before=$(max_version)
    wait_until 60 is_above "$before"
}

# Versions are the records' timestamps. A script sees what an aggregation cannot, and the engine here has none.
max_version() {
    es "$NAME/_refresh" >/dev/null
    es "$NAME/_search" -d '{"size":1,"version":true,"sort":[{"Volume":"desc"}],"_source":false,"query":{"term":{"Code":"'"$CODE"'"}}}' |
        jq '[.hits.hits[]._version] | max // 0'
}

is_above() { [[ $(max_version) -gt $1 ]]; } # NUMBER

under_way() {
    check "dry run says what it would do" migrate --dry-run
    check "and names the swap" said "alias $NAME moves from $NAME-v$((VERSION - 1)) to $NAME-v$VERSION"
    check "and did nothing" is_at $((VERSION - 1))
    check "migrate ends well" migrate
    check "it says for how long writes were held" said 'writes were held for'
    check "aliases are at the new index" equal "$NAME-v$VERSION $NAME-v$VERSION" "$(members $NAME) $(members ${NAME}_write)"
    check "the old one is kept" equal "$NAME-v$((VERSION - 1))" "$(es "_cat/indices/$NAME-v$((VERSION - 1))?h=index")"
    check "again there is nothing to do" migrate
    check "and that is said" said 'nothing to do'
    check "after the swap there is no going back" equal 1 "$(migrate --abort >/dev/null 2>&1 && echo 0 || echo $?)"
    check "the old index goes when asked" migrate --drop-old
    check "and is gone" is_at "$VERSION"
    check "the bridge goes on" goes_on
}

killed() {
    local point
    for point in "${POINTS[@]}"; do
        raise_version
        check "killed at $point" killed_at "$point"
        check "$point: migrate goes on" migrate --drop-old
        check "$point: aliases are at the new index" is_at "$VERSION"
    done
    check "after all that the bridge goes on" goes_on
}

back() {
    raise_version
    check "killed while writes are held" killed_at migrate_held
    check "another dataset does not go on with it" equal 1 "$(
        jq '.columns[0].mapping = {"ignore_above": 99}' "$WORK/$NAME.json" >"$WORK/other.json"
        naru mappings migrate "$WORK/other.json" --set "elasticsearch.hosts=$NARU_TEST_ES" >/dev/null 2>&1 && echo 0 || echo $?
    )"
    check "going back ends well" migrate --abort
    check "the old index is as before" is_at $((VERSION - 1))
    check "the bridge goes on" goes_on
    check "again there is nothing to go back from" migrate --abort
    check "then forward" migrate --drop-old
    check "to the new index" is_at "$VERSION"
}

# What the new index does not take stops the copying; nothing has changed for anybody.
refused() {
    local before=$VERSION misfit=$WORK/misfit.json rc=0
    raise_version
    jq '(.columns[] | select(.name == "Market")).type = "long"' "$WORK/$NAME.json" >"$misfit"
    naru mappings migrate "$misfit" --set "elasticsearch.hosts=$NARU_TEST_ES" >"$WORK/misfit" 2>&1 || rc=$?
    check "documents that do not fit stop it" equal 1 "$rc"
    check "with the first one and the reason" grep -qE 'does not take [0-9]+ documents of .* the first of them .*parsing' "$WORK/misfit"
    check "readers are where they were" equal "$NAME-v$before" "$(members $NAME)"
    check "it goes back" naru mappings migrate "$misfit" --abort --set "elasticsearch.hosts=$NARU_TEST_ES"
    check "all is as before" is_at "$before"
    VERSION=$((before - 1))
    raise_version
}

# All that came is there, and readers saw no gap.
judge() {
    local last
    touch "$WORK/enough"
    check "the stream ends well" wait $STREAM
    pkill -TERM -P $BRIDGE
    check "the bridge ends well" wait $BRIDGE
    check "another takes what is left" bridge $NAME "$WORK/$NAME.json" --until-end
    kill -TERM $POLLER
    check "the reader ends well" wait $POLLER
    last=$(cat "$WORK/last")
    # Each round has other rows of the same ids, so the index alone is compared with the last one.
    check "naru verify finds nothing" naru verify --index $NAME --dataset "$WORK/$NAME.json" \
        --set "elasticsearch.hosts=$NARU_TEST_ES" --keep-zero-volume "$last"
    check "the reader saw no error" equal '[]' "$(jq -c .errors "$WORK/poller")"
    check "its counts never fell" equal '[]' "$(jq -c .falls "$WORK/poller")"
    check "nor were there more documents than ids" test "$(jq .most "$WORK/poller")" -le "$(documents $NAME)"
    echo "$(jq .polls "$WORK/poller") polls, $(documents $NAME) documents, $(cat "$WORK"/rounds/*.csv | wc -l) rows at most"
}

own_dataset $NAME >/dev/null
make_rounds
FIRST=$(naru replay "$WORK/rounds/000.csv" --dry-run --keep-zero-volume --quiet | jq -r '"\(.Date)-\(.Code)"' | sed -n 1p)
CODE=${FIRST##*-}
replay $NAME "$WORK/rounds/000.csv" --dataset "$WORK/$NAME.json" --keep-zero-volume --pace max --quiet
ADMIN_PORT=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
bridge $NAME "$WORK/$NAME.json" --set bridge.commit_interval_ms=100 --set bridge.retry_max_ms=2s \
    --set "admin.listen=127.0.0.1:$ADMIN_PORT" >"$WORK/bridge.log" 2>&1 &
BRIDGE=$!
check "the first rows arrive" wait_until 60 holds 4000
stream >"$WORK/stream.log" 2>&1 &
STREAM=$!
python3 "$LIVE_ROOT/tests/live/alias_poller.py" "$NARU_TEST_ES" $NAME "$FIRST" >"$WORK/poller" 2>"$WORK/poller.log" &
POLLER=$!
raise_version
under_way
killed
back
refused
judge
finish
