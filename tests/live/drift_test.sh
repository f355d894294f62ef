#!/usr/bin/env bash
# naru mappings plan, apply, check: each kind of drift provoked on a real engine and found; what others own stays as it is.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

mappings() { # ACTION DATASET OPTIONS...: output in $WORK/out, exit code in RC
    RC=0
    naru mappings "$1" "$WORK/$2.json" --set "elasticsearch.hosts=$NARU_TEST_ES" "${@:3}" >"$WORK/out" 2>&1 || RC=$?
}

says() { grep -qF -- "$1" "$WORK/out" || { cat "$WORK/out"; return 1; }; }
exits() { [[ $RC == "$1" ]] || { echo "exit code $RC"; cat "$WORK/out"; return 1; }; }

engine() { # METHOD PATH [BODY]: what the engine answers goes nowhere, but a refusal fails the test
    curl -sS --fail-with-body --noproxy '*' -H 'Content-Type: application/json' -X "$1" "$NARU_TEST_ES/$2" \
        ${3:+-d "$3"} >"$WORK/engine" || { cat "$WORK/engine"; return 1; }
}

variant() { # NAME JQ-PROGRAM: another edition of the dataset $WORK/drift.json
    jq "$2" "$WORK/drift.json" >"$WORK/$1.json"
}

remove_all() {
    local what
    for what in drift-v1 drift-v2 drift drift_write family-v1-2021 family-v1-2022; do
        es "$what?ignore_unavailable=true" -XDELETE >/dev/null
    done
    for what in naru-drift naru-family foreign-drift; do
        es "_index_template/$what" -XDELETE >/dev/null
    done
}

# The index made by hand, as somebody might: with naru's own note, but one field of another type.
make_with_type() { # FIELD TYPE
    naru mappings show "$WORK/drift.json" 2>/dev/null |
        jq --arg f "$1" --arg t "$2" '.mappings.properties[$f] = {type: $t} | walk(if . == "@korean" then "standard" else . end) |
            .mappings._meta.korean_analyzer = "standard"' >"$WORK/by-hand.json"
    engine DELETE drift-v1
    engine PUT drift-v1 "$(cat "$WORK/by-hand.json")"
    engine POST _aliases '{"actions":[{"add":{"index":"drift-v1","alias":"drift"}},
        {"add":{"index":"drift-v1","alias":"drift_write","is_write_index":true}}]}'
}

first_time() {
    mappings plan drift
    check "before the first apply changes are needed" exits 3
    check "... and the plan has a fingerprint" says 'plan '
    mappings check drift
    check "... and check finds all missing" exits 1
    mappings apply drift
    check "apply puts it in place" exits 0
    mappings plan drift
    check "then the plan says nothing to do" exits 0
    check "... in words" says 'nothing to do'
    check "the field count is told" says '19 of 1000'
    mappings check drift
    check "check finds no drift" exits 0
    mappings plan drift --json
    check "the plan as JSON holds the same" jq -e '.exit_code == 0 and (.steps | length) == 0 and
        ([.lines[] | select(.verdict != "in place")] | length) == 0' "$WORK/out"
}

drift_in_the_engine() {
    make_with_type Marcap double
    mappings check drift
    check "a field's type is found" exits 1
    check "... by name" says 'drift  index drift-v1: Marcap.type: double -> long; it is not as naru made it'
    check "... and that it falsifies records" says 'would refuse or falsify records'
    mappings plan drift
    check "plan asks for a new index then" says 'needs a new index (moves 0 documents)'
    mappings apply drift
    check "and apply refuses" exits 1
    engine DELETE drift-v1
    mappings apply drift
    check "made anew all is well" exits 0

    engine PUT drift-v1/_settings '{"index":{"auto_expand_replicas":"false","number_of_replicas":0}}'
    mappings check drift
    check "a setting is found" says 'settings.index.auto_expand_replicas: false -> 0-1'
    mappings apply drift
    mappings check drift
    check "apply mends it" exits 0
    engine PUT drift-v1/_settings '{"index":{"refresh_interval":"17s"}}'
    mappings check drift
    check "a setting that nobody declared is found" says 'settings.index.refresh_interval: 17s; was set in the engine'
    engine PUT drift-v1/_settings '{"index":{"refresh_interval":null}}'

    engine POST _aliases '{"actions":[{"remove":{"index":"drift-v1","alias":"drift"}}]}'
    mappings check drift
    check "a removed alias is found" says 'drift  alias drift -> drift-v1 is missing'
    engine POST _aliases '{"actions":[{"remove":{"index":"drift-v1","alias":"drift_write"}}]}'
    mappings check drift
    check "that of the writers too" says 'drift  alias drift_write -> drift-v1 is missing'
    mappings apply drift
    mappings check drift
    check "apply puts them back" exits 0

    engine PUT drift-v1/_mapping '{"properties":{"Extra":{"type":"float"}}}'
    mappings check drift
    check "a field put in by hand is found" says 'drift  index drift-v1: Extra: float'
    check "... and that SQL should not have it" says 'sql: Extra: a float keeps 7 digits'
    engine DELETE drift-v1
    engine DELETE _index_template/naru-drift
    mappings check drift
    check "a removed template and index are found" says 'drift  template naru-drift'
    mappings apply drift
}

templates_of_others() {
    engine PUT _index_template/foreign-drift \
        '{"index_patterns":["dri*"],"priority":700,"template":{"mappings":{"properties":{"Marcap":{"type":"float"}}}}}'
    mappings check drift
    check "a foreign template of higher priority is found" says 'template foreign-drift: priority 700, dri*; it shadows naru-drift'
    mappings plan drift
    check "plan calls it forbidden" says 'forbidden  template foreign-drift'
    check "... with exit code 1" exits 1
    variant higher '.elasticsearch.template_priority = 800'
    mappings apply higher
    check "a higher priority of ours is the way out" exits 0
    mappings check higher
    check "and then there is no drift" exits 0
    engine DELETE _index_template/foreign-drift
    mappings apply drift

    engine DELETE _index_template/naru-drift
    engine PUT _index_template/naru-drift '{"index_patterns":["drift-v*"],"priority":500,"_meta":{"owner":"ops"},
        "template":{"settings":{"number_of_shards":7}}}'
    es _index_template/naru-drift >"$WORK/theirs"
    mappings apply drift
    check "a template named as ours but of another owner is refused" exits 1
    check "... in words" says 'template naru-drift is there already and was not made by naru'
    mappings check drift
    check "... and is drift" says 'drift  template naru-drift is there already and was not made by naru'
    check "it stands as it was" equal "$(cat "$WORK/theirs")" "$(es _index_template/naru-drift)"
    engine DELETE _index_template/naru-drift
    mappings apply drift
}

edited_datasets() {
    variant added '.columns += [{name: "Sector", type: "keyword", optional: true}]'
    mappings check added
    check "an added column is drift until it is applied" says 'drift  index drift-v1: + Sector: keyword'
    mappings plan added
    check "... and safe" says 'safe      index drift-v1: + Sector: keyword'
    variant retyped '(.columns[] | select(.name == "Marcap")).type = "double"'
    mappings check retyped
    check "a dataset edited without a new version is found" \
        says 'Marcap.type: long -> double; the dataset was edited under the same schema_version'
    mappings apply retyped
    check "apply refuses it" exits 1
    variant next '.schema_version = 2 | (.columns[] | select(.name == "Marcap")).type = "double"'
    mappings plan next
    check "with a new version the way is shown" says 'naru mappings migrate'
    check "... and what differs" says 'index drift-v1: Marcap.type: long -> double'
}

plans_kept_to() {
    local print
    variant fresh '.columns += [{name: "Sector", type: "keyword", optional: true}]'
    mappings plan fresh --json
    cp "$WORK/out" "$WORK/plan"
    print=$(jq -r .plan "$WORK/plan")
    engine PUT drift-v1/_settings '{"index":{"refresh_interval":"9s"}}'
    mappings apply fresh --plan "${print:0:16}"
    check "a plan of another state is refused" exits 1
    check "... in words" says 'the cluster or the dataset is not what plan'
    mappings apply fresh --plan-file "$WORK/plan"
    check "so is its file" exits 1
    es drift-v1/_mapping >"$WORK/out"
    check "nothing was changed then" test "$(grep -c Sector "$WORK/out")" = 0
    engine PUT drift-v1/_settings '{"index":{"refresh_interval":null}}'
    mappings apply fresh --plan-file "$WORK/plan"
    check "when all is as it was again, the plan is done" exits 0
    mappings apply fresh --plan xyz
    check "what is no fingerprint is an unusable argument" exits 2
    mappings check fresh --plan abcdef01
    check "an option that an action does not know is refused" exits 2
}

families() {
    jq '.name = "family" | .index = "family-%{Date:%Y}"' "$WORK/drift.json" >"$WORK/family.json"
    mappings plan family
    check "a family's plan states the zone" says 'a day begins at 00:00 UTC+09:00'
    mappings apply family
    check "and puts its template in place" exits 0
    engine PUT family-v1-2022/_doc/1 '{"Code":"005930","Date":"2022-01-03","Marcap":469224908430000}'
    engine PUT family-v1-2021/_doc/1 '{"Code":"005930","Date":"2021-01-04","Marcap":469224908430000}'
    mappings check family
    check "members made by writes are as they should be" exits 0
    check "and readers see them all" equal 2 "$(documents family)"
    engine POST _aliases '{"actions":[{"remove":{"index":"family-v1-2021","alias":"family"}}]}'
    mappings check family
    check "a member without the alias is found" says 'alias family -> family-v1-2021 is missing'
    mappings apply family
    mappings plan family
    check "and gets it back" exits 0
}

jq '.name = "drift" | .index = "drift"' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/drift.json"
remove_all
first_time
drift_in_the_engine
templates_of_others
edited_datasets
plans_kept_to
families
remove_all
finish
