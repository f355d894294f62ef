#!/usr/bin/env bash
# Tableau's data sources: XML, column for column what the dataset says and what the engine has.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

CHECK=$LIVE_ROOT/tests/live/tableau_check.py
FOLDER=$LIVE_ROOT/kibana/tableau
RC=0

tableau() { # ARGUMENTS...; output in $WORK/out, errors in $WORK/err, the exit code in RC
    RC=0
    naru kibana tableau "$@" >"$WORK/out" 2>"$WORK/err" || RC=$?
}

says() { # EXIT_CODE TEXT
    cat "$WORK/err"
    equal "$1" "$RC" && grep -qF -- "$2" "$WORK/err"
}

# The files that the repository has are those that the program makes.
kept_files() {
    local dataset connector
    for dataset in marcap ohlcv trade; do
        for connector in elastic opensearch; do
            tableau "$dataset" --connector "$connector" --set elasticsearch.hosts=http://127.0.0.1:9200
            check "$dataset.$connector.tds is what is made" diff "$WORK/out" "$FOLDER/$dataset.$connector.tds"
            check "... of the dataset, column for column" equal "columns of $dataset at 127.0.0.1:9200" \
                "$("$CHECK" "$WORK/out" "$LIVE_ROOT/mappings/$dataset.json" | cut -d' ' -f2-)"
        done
    done
}

live_fields() {
    local dataset
    for dataset in marcap ohlcv trade; do
        jq --arg n "tableau_$dataset" '.name = $n | .index = $n' "$LIVE_ROOT/mappings/$dataset.json" >"$WORK/$dataset.json"
        naru mappings apply "$WORK/$dataset.json" --set "elasticsearch.hosts=$NARU_TEST_ES" >/dev/null
        es "tableau_$dataset/_field_caps?fields=*" >"$WORK/caps.json"
        tableau "$WORK/$dataset.json" --set "elasticsearch.hosts=$NARU_TEST_ES" --out "$WORK/$dataset.tds"
        check "$dataset: the engine has these fields and no others" \
            "$CHECK" "$WORK/$dataset.tds" "$WORK/$dataset.json" "$WORK/caps.json"
    done
}

connections() {
    echo hush-hush >"$WORK/password"
    tableau marcap --set elasticsearch.hosts=https://search.example:9243,https://other:9200 --set elasticsearch.username=ana \
        --set "elasticsearch.password_file=$WORK/password" --index 'marcap-2022'
    check "host, port, TLS, user and index" equal "search.example 9243 require ana [marcap-2022]" "$(python3 -c '
import sys, xml.etree.ElementTree as E
root = E.parse(sys.argv[1]).getroot()
c = root.find("connection/named-connections/named-connection/connection")
print(c.get("server"), c.get("port"), c.get("sslmode"), c.get("username"), root.find("connection/relation").get("table"))
' "$WORK/out")"
    check "the password is not told" equal 0 "$(grep -c hush-hush "$WORK/out")"
    jq '.name = "odd" | .index = "odd" | .columns[2] = {"name": "A & B <x> \"y\" ]", "type": "long", "optional": true,
        "description": "it'"'"'s <b> & \"q\"", "aggregate": "sum"}' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/odd.json"
    tableau "$WORK/odd.json"
    check "names with marks that XML and Tableau know" equal '[A & B <x> "y" ]]] it'"'"'s <b> & "q"' "$(python3 -c '
import sys, xml.etree.ElementTree as E
c = E.parse(sys.argv[1]).getroot().findall("column")[2]
print(c.get("name"), c.findtext("desc/formatted-text/run"))' "$WORK/out")"
}

what_is_wrong() {
    touch "$WORK/there.tds"
    tableau marcap --out "$WORK/there.tds"
    check "a file that exists is kept" says 2 "--force"
    tableau marcap --out "$WORK/there.tds" --force
    check "... unless forced" "$CHECK" "$WORK/there.tds" "$LIVE_ROOT/mappings/marcap.json"
    tableau marcap --connector oracle
    check "no such connector" says 2 "neither elastic nor opensearch"
    tableau
    check "no dataset" says 2 "which dataset?"
    tableau marcap ohlcv
    check "two datasets" says 2 "unexpected argument 'ohlcv'"
    tableau marcap --out "$WORK/nofolder/x.tds"
    check "no such folder" says 1 "nofolder"
    jq '.columns[4].format = "0.0"' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/format.json"
    tableau "$WORK/format.json"
    check "a wrong format in the dataset" says 2 'columns[4].format'
    jq '.columns[4].aggregate = "median"' "$LIVE_ROOT/mappings/marcap.json" >"$WORK/aggregate.json"
    tableau "$WORK/aggregate.json"
    check "a wrong aggregate in the dataset" says 2 'columns[4].aggregate'
}

kept_files
live_fields
connections
what_is_wrong
finish
