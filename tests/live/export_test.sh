#!/usr/bin/env bash
# What naru export writes is what was replayed: row by row, column by column, digit by digit.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

INDEX="export"
CSV=$DATA/marcap-2022.csv.gz
RC=0

# export ARGUMENTS...: standard error is in $WORK/err, the exit code in RC.
export_index() {
    RC=0
    timeout 300 env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" export --set "elasticsearch.hosts=$NARU_TEST_ES" "$@" \
        2>"$WORK/err" || RC=$?
}

says() { # EXIT_CODE TEXT...
    local code=$1 text
    shift
    cat "$WORK/err"
    equal "$code" "$RC"
    for text in "$@"; do
        grep -qF -- "$text" "$WORK/err" || {
            echo "it does not say: $text"
            return 1
        }
    done
}

agrees() { # WANTED EXPORT OPTIONS...
    equal "$1" "$("$LIVE_ROOT/tests/live/export_rows.py" "$2" "$CSV" "${@:3}")"
}

fill() {
    check "all rows of 2022 are replayed, Dept too" \
        replay "$INDEX" "$CSV" --dataset "$DATASET" --keep-zero-volume --with Dept --pace max --quiet
    check "and ferried" bridge "$INDEX" "$DATASET" --until-end --quiet
}

whole_year() {
    export_index "$INDEX" --with Dept --out "$WORK/all.csv"
    check "the export ends well" says 0 "80918 rows of $INDEX"
    check "it is the input, column for column" agrees "80918 rows, 18 columns" "$WORK/all.csv"
    check "it begins with a byte order mark" equal efbbbf "$(head -c 3 "$WORK/all.csv" | od -An -tx1 | tr -d ' \n')"
    check "nothing is left beside it" test ! -e "$WORK/all.csv.part"
    check "naru verify finds nothing between the export and the index" naru verify "$WORK/all.csv" --index "$INDEX" \
        --dataset "$DATASET" --with Dept --keep-zero-volume --set "elasticsearch.hosts=$NARU_TEST_ES" --quiet
}

parts() {
    export_index "$INDEX" --out "$WORK/most.csv" --from 2022-01-03 --to 2022-01-05
    check "a field that is left out is told of" says 0 "field Dept of" "--with keeps it"
    check "the header is the dataset's columns" equal \
        "Code,Name,Market,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date" \
        "$(head -1 "$WORK/most.csv" | tail -c +4)"
    export_index "$INDEX" --with Dept --from 2022-01-04 --to 2022-01-10 --out "$WORK/days.csv.gz"
    check "days, packed" agrees "$(rows_between 2022-01-04 2022-01-10) rows, 18 columns" "$WORK/days.csv.gz" \
        --from 2022-01-04 --to 2022-01-10
    check "it is packed" gzip -t "$WORK/days.csv.gz"
    export_index "$INDEX" --codes 000660,005930 --columns Date,Marcap,Code --out - --no-bom --quiet >"$WORK/two.csv"
    check "two codes, three columns in the order asked for" agrees "62 rows, 3 columns" "$WORK/two.csv" \
        --codes 000660,005930 --columns Date,Marcap,Code
    check "no mark, and nothing said" equal "Date" "$(head -c 4 "$WORK/two.csv")$(cat "$WORK/err")"
    export_index "$INDEX" --with Dept --where "Market = 'KONEX'" --out "$WORK/konex.csv" --crlf
    check "a condition" agrees "$(zcat "$CSV" | grep -c '"KONEX"') rows, 18 columns" "$WORK/konex.csv" --market KONEX
    check "CR LF" equal "$(wc -l <"$WORK/konex.csv")" "$(grep -c $'\r$' "$WORK/konex.csv")"
    export_index "$INDEX" --top 3 --columns Rank --no-bom --out "$WORK/top.csv"
    check "the first of each day" equal "31 1 31 2 31 3 1 Rank" "$(sort "$WORK/top.csv" | uniq -c | xargs)"
    export_index "$INDEX-v1" --codes 005930 --from 2030-01-01 --out "$WORK/none.csv" --no-bom
    check "no row is a header, and a warning" says 0 "no row has 1 of the codes"
    check "... alone" equal 1 "$(wc -l <"$WORK/none.csv")"
}

rows_between() { # FROM TO
    zcat "$CSV" | tr -d '\r"' | awk -F, -v from="$1" -v to="$2" 'NR > 1 && $NF >= from && $NF <= to' | wc -l
}

# Quotes, commas, line breaks and numbers of many digits, by an index of their own.
hard_values() {
    es "$INDEX-hard" -X PUT -d '{"mappings":{"properties":{"Code":{"type":"keyword"},"Date":{"type":"date","format":
        "strict_date"}}}}' >/dev/null
    es "$INDEX-hard/_doc/2?refresh=true" -X PUT -d '{"Date":"2022-01-03","Code":"2","Name":"a, \"b\"\nc","Close":12.50,
        "Marcap":9007199254740993,"Market":""}' >/dev/null
    es "$INDEX-hard/_doc/1?refresh=true" -X PUT -d '{"Date":"2022-01-03","Code":"1","Close":0.1000000000000000055}' >/dev/null
    export_index "$INDEX-hard" --columns Date,Code,Name,Market,Close,Marcap --out - >"$WORK/hard.csv"
    check "quotes, line breaks and digits" equal \
        "[['2022-01-03', '1', '', '', '0.1000000000000000055', ''], ['2022-01-03', '2', 'a, \"b\"\\nc', '', '12.50', '9007199254740993']]" \
        "$(python3 -c 'import csv, sys; print(list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8-sig")))[1:])' "$WORK/hard.csv")"
    check "an empty text is told from an absent one" grep -q ',"",12.50,' "$WORK/hard.csv"
}

# The file that is written is a pipe here, so that the export stands still until it is read.
interrupted() {
    local out=$WORK/stopped.csv pid
    mkfifo "$out.part"
    env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" export "$INDEX" --set "elasticsearch.hosts=$NARU_TEST_ES" --out "$out" \
        2>"$WORK/err" &
    pid=$!
    {
        head -c 1 >/dev/null
        kill -TERM $pid
        cat >/dev/null
    } <"$out.part"
    RC=0
    wait $pid || RC=$?
    check "SIGTERM ends it with exit code 1" says 1 "stopped before the end"
    check "and leaves no file" test ! -e "$out" -a ! -e "$out.part"
}

what_is_wrong() {
    export_index "$INDEX" --out "$WORK/all.csv"
    check "a file that exists is kept" says 2 "$WORK/all.csv exists" --force
    export_index "$INDEX" --out "$WORK/all.csv" --force --codes 005930 --columns Date
    check "... unless forced" equal 32 "$(wc -l <"$WORK/all.csv")"
    export_index nosuch --out "$WORK/no.csv"
    check "no such index" says 1 "no such index [nosuch]"
    check "leaves no file" test ! -e "$WORK/no.csv" -a ! -e "$WORK/no.csv.part"
    export_index "$INDEX" --dataset trade --out "$WORK/no.csv"
    check "another dataset" says 1 "trade_time"
    check "leaves no file either" test ! -e "$WORK/no.csv" -a ! -e "$WORK/no.csv.part"
    export_index "$INDEX" --out "$WORK/nofolder/no.csv"
    check "no such folder" says 1 "nofolder/no.csv"
    export_index "$INDEX" --out - >/dev/full
    check "a full disk" says 1 "No space left"
    export_index "$INDEX" --where "Volume > 'x'"
    check "a wrong condition" says 2 "Volume"
    export_index "$INDEX" --columns Date,Clsoe
    check "a wrong column" says 2 "did you mean Close?"
    export_index "$INDEX" --columns Date,Date
    check "a column twice" says 2 "twice"
    export_index 'a b'
    check "no name of an index" says 2 "'a b'"
    export_index "$INDEX" --format xlsx
    check "another format" says 2 "xlsx"
}

if [[ ! -f $CSV ]]; then
    skip "the export" "$DATA has no marcap-2022.csv.gz"
    finish
    exit
fi
DATASET=$(own_dataset "$INDEX")
fill
whole_year
parts
hard_values
interrupted
what_is_wrong
finish
