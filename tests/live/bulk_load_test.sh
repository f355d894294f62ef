#!/usr/bin/env bash
# naru bridge --bulk-load: refresh and replicas off while it runs, as before when it ends, and after SIGKILL by whoever comes
# next. And the look at the mapping that each start takes.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

NAME=bulkload PID=''
RELAXED='["-1","0","false"]'
# What the dataset says, and a refresh interval that somebody has set.
NORMAL='["7s","0","0-1"]'

settings() {
    es "$NAME-v1/_settings?flat_settings=true" |
        jq -c '.[].settings | [.["index.refresh_interval"], .["index.number_of_replicas"], .["index.auto_expand_replicas"]]'
}

has_note() { es "$NAME-v1/_mapping" | jq -e '.[].mappings._meta.bulk_load' >/dev/null; }
has_no_note() { ! has_note; }
are() { [[ $(settings) == "$1" ]]; } # SETTINGS

start_bridge() { # OPTIONS...
    bridge $NAME "$WORK/$NAME.json" "$@" >"$WORK/bridge.log" 2>&1 &
    PID=$!
}

end_bridge() { # SIGNAL: the exit code in RC
    RC=0
    pkill "-$1" -P $PID
    wait $PID 2>/dev/null || RC=$?
}

relaxed_while_it_runs() {
    start_bridge --bulk-load
    check "settings are relaxed while it runs" wait_until 60 are "$RELAXED"
    check "those before are noted in the index" has_note
    check "it says so" grep -q 'index relaxed for bulk load' "$WORK/bridge.log"
    end_bridge TERM
    check "SIGTERM ends it well" equal 0 "$RC"
    check "and restores" equal "$NORMAL" "$(settings)"
    check "the note is gone" has_no_note
    check "--until-end ends well" bridge $NAME "$WORK/$NAME.json" --bulk-load --until-end
    check "and restores" equal "$NORMAL" "$(settings)"
}

kill_one() {
    start_bridge --bulk-load
    check "relaxed once more" wait_until 60 are "$RELAXED"
    end_bridge KILL
    check "killed, it leaves them relaxed" equal "$RELAXED" "$(settings)"
    check "with the note" has_note
}

restored_after_a_kill() {
    kill_one
    check "check tells of it" equal 1 "$(naru mappings check "$WORK/$NAME.json" --set "elasticsearch.hosts=$NARU_TEST_ES" \
        >"$WORK/found" 2>&1 && echo 0 || echo $?)"
    check "by name" grep -q -- 'relaxed by naru bridge --bulk-load' "$WORK/found"
    check "a bridge without the option ends well" bridge $NAME "$WORK/$NAME.json" --until-end
    check "and has restored" equal "$NORMAL" "$(settings)"
    check "the note is gone" has_no_note
    kill_one
    check "one with the option keeps what was noted first" bridge $NAME "$WORK/$NAME.json" --bulk-load --until-end
    check "and restores that" equal "$NORMAL" "$(settings)"
    kill_one
    check "apply ends well" naru mappings apply "$WORK/$NAME.json" --set "elasticsearch.hosts=$NARU_TEST_ES"
    check "and restores" equal "$NORMAL" "$(settings)"
    check "naru verify finds nothing" audit $NAME $NAME --keep-zero-volume "$WORK"/history/*.csv
}

refused() {
    es $NAME-foreign -XPUT -d '{}' >/dev/null
    RC=0
    bridge $NAME "$WORK/$NAME.json" --set bridge.index=$NAME-foreign --set bridge.require_alias=false --bulk-load \
        >"$WORK/refused" 2>&1 || RC=$?
    check "an index of others is refused" equal 1 "$RC"
    check "by name" grep -q "index $NAME-foreign was not made by naru" "$WORK/refused"
    check "and left as it is" equal null "$(es "$NAME-foreign/_settings?flat_settings=true" |
        jq -c '.[].settings["index.refresh_interval"]')"
}

# The dataset with another type for a field, under the same version and under the next, which nobody has migrated to.
contradicting() {
    jq '(.columns[] | select(.name == "Volume")).type = "double"' "$WORK/$NAME.json" >"$WORK/other.json"
    RC=0
    bridge $NAME "$WORK/other.json" --until-end >"$WORK/refused" 2>&1 || RC=$?
    check "a mapping that contradicts the dataset ends the start" equal 1 "$RC"
    check "the field is named" grep -q 'Volume.type: long -> double' "$WORK/refused"
    check "--check tells of it too" equal 1 "$(bridge $NAME "$WORK/other.json" --check >"$WORK/found" && echo 0 || echo $?)"
    check "by its name" grep -q '^error .*Volume.type: long -> double' "$WORK/found"
    check "nothing was consumed" equal "" "$(grep -E 'consumed=[1-9]' "$WORK/refused" || true)"
    RC=0
    bridge $NAME "$WORK/other.json" --until-end --force >"$WORK/forced" 2>&1 || RC=$?
    check "--force goes on" equal 0 "$RC"
    check "with a warning" grep -q 'level=warn.*contradicts' "$WORK/forced"
    jq '.schema_version = 2' "$WORK/other.json" >"$WORK/next.json"
    RC=0
    bridge $NAME "$WORK/next.json" --until-end >"$WORK/refused" 2>&1 || RC=$?
    check "so does a dataset that is ahead of its index" equal 1 "$RC"
    jq '.schema_version = 2' "$WORK/$NAME.json" >"$WORK/next.json"
    check "but not when no field says otherwise" bridge $NAME "$WORK/next.json" --until-end
}

own_dataset $NAME >/dev/null
es "$NAME-v1/_settings" -XPUT -d '{"index.refresh_interval":"7s"}' >/dev/null
naru generate --out "$WORK/history" --from 1995-05-02 --to 1995-05-12 --stocks 300 --quiet
replay $NAME "$WORK"/history/*.csv --dataset "$WORK/$NAME.json" --keep-zero-volume --pace max --quiet
relaxed_while_it_runs
restored_after_a_kill
refused
contradicting
finish
