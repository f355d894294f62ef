#!/usr/bin/env bash
# naru mappings against a running engine: NARU_TEST_ES=http://127.0.0.1:19200 tests/live/mappings_test.sh [NARU]
# Works on indices and templates whose names begin with naru-test, and removes them.
set -euo pipefail

ENGINE=${NARU_TEST_ES:?set NARU_TEST_ES to the address of an engine, such as http://127.0.0.1:19200}
NARU=${1:-${NARU_BIN:-naru}}
NAME=narutest$$
WORK=$(mktemp -d)
PASSED=0 FAILED=0

readonly ENGINE NARU NAME WORK

curl_engine() { # METHOD PATH [BODY]
    local body=()
    [[ $# -lt 3 ]] || body=(-H 'Content-Type: application/json' --data-binary "$3")
    curl -sS --noproxy '*' -X "$1" "${body[@]}" "$ENGINE$2"
}

clean_up() {
    curl_engine DELETE "/$NAME-v1,$NAME-v2?ignore_unavailable=true" >/dev/null || true
    curl_engine DELETE "/$NAME?ignore_unavailable=true" >/dev/null || true
    curl_engine DELETE "/_index_template/naru-$NAME" >/dev/null || true
    curl_engine DELETE "/_template/naru-$NAME" >/dev/null || true
}

trap 'clean_up; rm -rf "$WORK"' EXIT

# Without our environment: a NARU_ variable of the user would count as a setting.
run_naru() { env -i PATH="$PATH" "$NARU" mappings "$@" --set "elasticsearch.hosts=$ENGINE"; }

# Runs naru; its output is in $WORK/out, its exit code in RC.
naru_mappings() {
    RC=0
    run_naru "$@" >"$WORK/out" 2>&1 || RC=$?
}

check() { # WHAT CONDITION...
    local what=$1
    shift
    if "$@"; then
        PASSED=$((PASSED + 1))
        echo "passed: $what"
    else
        FAILED=$((FAILED + 1))
        echo "FAILED: $what"
        sed 's/^/    /' "$WORK/out"
    fi
}

says() { grep -qF -- "$1" "$WORK/out"; }
exits() { [[ $RC == "$1" ]]; }

# One document of the dataset through _bulk; the engine's verdict goes to $WORK/out.
index_document() { # ID DOCUMENT
    local type=''
    [[ $(curl_engine GET /) != *'"number" : "6.'* ]] || type='"_type":"_doc",'
    printf '{"index":{"_index":"%s_write",%s"_id":"%s"}}\n%s\n' "$NAME" "$type" "$1" "$2" >"$WORK/body"
    curl -sS --noproxy '*' -H 'Content-Type: application/x-ndjson' --data-binary "@$WORK/body" \
        "$ENGINE/_bulk?refresh=true" >"$WORK/out"
}

# The dataset under test is marcap under a name of its own; sed edits make its variants.
write_dataset() { # FILE SED-EXPRESSION...
    local file=$1 edits=()
    shift
    for edit in '' "$@"; do edits+=(-e "$edit"); done
    sed -e "s/\"name\": \"marcap\"/\"name\": \"$NAME\"/" -e "s/\"index\": \"marcap\"/\"index\": \"$NAME\"/" \
        "$(dirname "$0")/../../mappings/marcap.json" >"$WORK/$file.plain"
    sed "${edits[@]}" "$WORK/$file.plain" >"$WORK/$file"
    # An edit that no longer fits the dataset's text would test nothing.
    if [[ $# -gt 0 ]] && cmp -s "$WORK/$file.plain" "$WORK/$file"; then
        echo "no line of marcap.json is changed by: $*" >&2
        exit 1
    fi
}

write_dataset base.json
write_dataset added.json 's/{"name": "Rank",/{"name": "Sector", "type": "keyword", "optional": true},\n&/'
write_dataset retyped.json 's/"name": "Marcap", "type": "long"/"name": "Marcap", "type": "double"/'
write_dataset resharded.json 's/"number_of_shards": 2/"number_of_shards": 3/'
write_dataset next.json 's/"schema_version": 1/"schema_version": 2/'

clean_up

naru_mappings show "$WORK/base.json"
check 'show asks no engine and exits 0' exits 0
check 'show prints the mappings' says '"Marcap": {'
naru_mappings apply "$WORK/base.json"
check 'first apply exits 0' exits 0
check 'first apply creates the template' says "template naru-$NAME created"
check 'first apply creates the index' says "index $NAME-v1 created"
check 'first apply creates the alias to read' says "alias $NAME -> $NAME-v1 created"
check 'first apply creates the alias to write' says "alias ${NAME}_write -> $NAME-v1 created"
naru_mappings apply "$WORK/base.json"
check 'second apply exits 0' exits 0
check 'second apply finds the template unchanged' says "template naru-$NAME unchanged"
check 'second apply finds the index unchanged' says "index $NAME-v1 unchanged"
check 'second apply finds the alias unchanged' says "alias $NAME -> $NAME-v1 unchanged"

index_document 1 '{"Code":"005930","Name":"삼성전자","Marcap":469224908430000,"Close":78600.0,"Date":"2022-01-03"}'
check 'a market row is taken' says '"errors":false'
index_document 2 '{"Code":"005930","Date":"2022-01-04","Unheard":1}'
check 'a field nobody declared is refused' says 'strict_dynamic_mapping_exception'
index_document 3 '{"Code":"005930","Date":"2022-01-04","Marcap":1.5}'
check 'a fraction of a won is refused, not cut off' says '"errors":true'
index_document 4 '{"Code":"005930","Date":"2022-1-4"}'
check 'a date of another form is refused' says '"errors":true'
# As a float, what dynamic mapping makes of it, the first would be 469224908652544.
index_document 5 '{"Code":"000001","Name":"하나","Marcap":1,"Date":"2022-01-03"}'
curl_engine POST "/$NAME/_search?size=0" '{"aggs":{"all":{"max":{"field":"Marcap"}},"sum":{"sum":{"field":"Marcap"}}}}' \
    >"$WORK/out"
check 'a market cap comes back from an aggregation to the won' says '4.6922490843E14'
check 'the sum of two is exact' says '4.69224908430001E14'
curl_engine POST "/$NAME/_search" '{"query":{"match":{"Name.ko":"삼성전자"}}}' >"$WORK/out"
check 'the Korean name is found by its text' says '"_id":"1"'
curl_engine POST "/$NAME/_search" '{"query":{"term":{"Code":"005930"}}}' >"$WORK/out"
check 'a code keeps its leading zeros' says '"_id":"1"'

naru_mappings apply "$WORK/added.json"
check 'a column that was added exits 0' exits 0
check 'a column that was added updates the mappings' says "index $NAME-v1 mappings updated"
check 'a column that was added updates the template' says "template naru-$NAME updated"
index_document 6 '{"Code":"005930","Date":"2022-01-04","Sector":"IT"}'
check 'the added column is taken' says '"errors":false'
naru_mappings apply "$WORK/added.json"
check 'after that nothing is left to do' says "index $NAME-v1 unchanged"

naru_mappings apply "$WORK/retyped.json"
check 'another type is refused' exits 1
check 'the refusal names the way out' says 'raise schema_version'
naru_mappings apply "$WORK/resharded.json"
check 'another number of shards is refused' exits 1
check 'that refusal names the way out too' says 'raise schema_version'
naru_mappings apply "$WORK/added.json"
check 'a refused change leaves the checksum as it was' says "index $NAME-v1 unchanged"
check 'a refused change leaves the template as it was' says "template naru-$NAME unchanged"

naru_mappings apply "$WORK/next.json"
check 'the alias is not moved off its documents' exits 1
check 'the way to move them is shown' says 'naru mappings migrate'
curl_engine GET "/$NAME-v2" >"$WORK/out"
check 'nothing was created before that refusal' says 'index_not_found_exception'

clean_up
curl_engine PUT "/$NAME" '{"settings":{"number_of_replicas":0}}' >/dev/null
naru_mappings apply "$WORK/base.json"
check 'an index that bears the alias name is refused' exits 1
check 'that refusal says so' says "$NAME is an index"
curl_engine GET "/$NAME-v1" >"$WORK/out"
check 'the index was not created then' says 'index_not_found_exception'

clean_up
TEMPLATE='{"index_patterns":["'$NAME'-v*"],"priority":500,"template":{"settings":{"number_of_shards":1}}}'
API=_index_template
if [[ $(curl_engine GET "/$API/none-such-$NAME") != *'template matching'* ]]; then
    API=_template
    TEMPLATE='{"index_patterns":["'$NAME'-v*"],"settings":{"number_of_shards":1}}'
fi
curl_engine PUT "/$API/naru-$NAME" "$TEMPLATE" >/dev/null
naru_mappings apply "$WORK/base.json"
check 'the template of another owner is refused' exits 1
check 'that refusal names the template' says "template naru-$NAME is there already and was not made by naru"
curl_engine GET "/$API/naru-$NAME" >"$WORK/out"
check 'the template of another owner stands as it was' says '"number_of_shards":"1"'
curl_engine GET "/$NAME-v1" >"$WORK/out"
check 'no index was created beside it' says 'index_not_found_exception'

clean_up
appliers=()
for i in 1 2; do
    run_naru apply "$WORK/base.json" >"$WORK/applier$i" 2>&1 &
    appliers+=($!)
done
for i in 1 2; do
    RC=0
    wait "${appliers[i - 1]}" || RC=$?
    cp "$WORK/applier$i" "$WORK/out"
    check "two appliers at once: number $i succeeds" exits 0
done
naru_mappings apply "$WORK/base.json"
check 'and all is in place after them' says "alias $NAME -> $NAME-v1 unchanged"

echo "$PASSED passed, $FAILED failed"
((FAILED == 0))
