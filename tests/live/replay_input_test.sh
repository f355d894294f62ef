#!/usr/bin/env bash
# Input as it should not be: nothing is guessed, nothing is lost in silence, and what is wrong is told with its place.
# Needs no brokers: NARU_BIN=... tests/live/replay_input_test.sh
set -euo pipefail
: "${NARU_TEST_BROKERS:=none}" "${NARU_TEST_ES:=none}" "${NARU_LAB_STATE:=none}"
export NARU_TEST_BROKERS NARU_TEST_ES NARU_LAB_STATE
# shellcheck source=tests/live/lib.sh
. "$(dirname "$0")/lib.sh"
cd "$WORK"

HEADER='Code,Name,Market,Dept,Close,ChangeCode,Changes,ChagesRatio,Open,High,Low,Volume,Amount,Marcap,Stocks,MarketId,Rank,Date'
readonly HEADER

# A row by name and value over a good one: row Volume=12.5 Date=2020-02-30
row() {
    local -A v=([Code]=005930 [Name]=삼성전자 [Market]=KOSPI [Dept]='' [Close]=78600.0 [ChangeCode]=1 [Changes]=300.0
        [ChagesRatio]=0.38 [Open]=79400.0 [High]=79800.0 [Low]=78200.0 [Volume]=13502112.0 [Amount]=1066006837750.0
        [Marcap]=469224908430000.0 [Stocks]=5969782550 [MarketId]=STK [Rank]=1 [Date]=2022-01-03)
    local pair name line=''
    for pair in "$@"; do
        v[${pair%%=*}]=${pair#*=}
    done
    for name in ${HEADER//,/ }; do
        line+=,${v[$name]}
    done
    echo "${line#,}"
}

file() { # NAME ROW...
    local name=$1
    shift
    { echo "$HEADER" && printf '%s\n' "$@"; } >"$name"
}

dry() { naru replay "$@" --dry-run --quiet; }

# A dry run that must fail, in one line that begins with TEXT.
refuses() { # TEXT ARGUMENTS...
    local text="naru replay: $1" rc=0
    shift
    dry "$@" >out 2>err || rc=$?
    cat err
    [[ $rc == 1 && $(wc -l <err) == 1 && $(<err) == "$text"* ]]
}

# A dry run that must pass, with that many records.
gives() { # RECORDS ARGUMENTS...
    local n=$1
    shift
    dry "$@" >out 2>err && equal "$n" "$(wc -l <out)"
}

test_packed() {
    file good.csv "$(row)" "$(row Code=000660 Rank=2)"
    gzip -c good.csv >good.csv.gz
    zstd -q -c good.csv >good.csv.zst
    head -c 100 good.csv.gz >cut.csv.gz
    head -c 100 good.csv.zst >cut.csv.zst
    cp good.csv.gz misnamed.csv
    check "gzip under another name" gives 2 misnamed.csv
    check "Zstandard" gives 2 good.csv.zst
    check "a truncated gzip" refuses 'cut.csv.gz: gzip data ends early' cut.csv.gz
    check "a truncated Zstandard" refuses 'cut.csv.zst: Zstandard data ends early' cut.csv.zst
    check "a quoted pattern" gives 2 'goo?.csv'
    check "a pattern without a file" equal "naru replay: no*.csv: no file matches the pattern" \
        "$(dry 'no*.csv' 2>&1 || true)"
}

test_encodings() {
    iconv -f UTF-8 -t CP949 good.csv >korean.csv
    { printf '\xef\xbb\xbf' && cat good.csv; } >mark.csv
    iconv -f UTF-8 -t UTF-16 good.csv >wide.csv
    check "CP949 read as UTF-8 says so and names the option" refuses \
        'korean.csv:2: Name: byte 1, 0xBB, is not UTF-8; is the file CP949? Then use --encoding cp949' korean.csv
    check "CP949" gives 2 korean.csv --encoding cp949
    check "and its letters are right" grep -q '"Name":"삼성전자"' out
    check "UTF-8 read as CP949" refuses 'good.csv:2: Name: ' good.csv --encoding cp949
    check "UTF-8 with its mark" gives 2 mark.csv
    check "UTF-16 with its mark" gives 2 wide.csv
    printf '%s\n%s\n' "$HEADER" "$(row)" | sed 's/KOSPI/KO\x00SPI/' >nul.csv
    check "a NUL byte" refuses 'nul.csv:2: a NUL byte' nul.csv
}

test_rows() {
    file long.csv "$(row)" "$(row Name="$(head -c 10485760 /dev/zero | tr '\0' x)")"
    check "a field of 10 MB" refuses 'long.csv:3: Name: a field larger than 1 MiB' long.csv
    file quoted.csv "$(row)" "$(row Name='"never closed')" "$(row)"
    check "a quote that is never closed" refuses 'quoted.csv:3: Name: a quote is opened and never closed' quoted.csv
    file short.csv "$(row)" "$(row | cut -d, -f1-17)" "$(row Code=1)"
    check "a row of 17 fields" refuses 'short.csv:3: row has 17 fields, the header has 18' short.csv
    check "which can be skipped" gives 2 short.csv --on-bad-row skip
    check "and is told of" grep -q '1 bad row left out; the first: short.csv:3: row has 17 fields' err
    file exponent.csv "$(row Volume=1e5)"
    check "1e5 as a count" refuses "exponent.csv:2: Volume: '1e5' is not a whole number" exponent.csv
    file fraction.csv "$(row Stocks=12.5)"
    check "12.5 as a count" refuses "fraction.csv:2: Stocks: '12.5' is not a whole number" fraction.csv
    file day.csv "$(row)" "$(row Date=2020-02-30)"
    check "a day that is none" refuses "day.csv:3: Date: '2020-02-30' is not a date that exists" day.csv
    file twice.csv "$(row)" "$(row Code=000660)" "$(row Close=1)"
    check "two rows of one id are sent" gives 3 twice.csv
    check "and told of" grep -q '1 row with the id of a row before; the first: twice.csv:4: Code 005930, Date 2022-01-03 is the id of twice.csv:2, too' err
}

test_headers() {
    # As the source's newer files: other order, both names of a column, gaps as text.
    {
        echo 'Code,Name,Close,Dept,ChangeCode,Changes,ChagesRatio,ChangesRatio,Volume,Amount,Open,High,Low,Marcap,Stocks,Market,MarketId,Rank,Date'
        echo '005930,삼성전자,55500.0,nan,1,200.0,,0.36,10031448.0,558433491400.0,nan,56100.0,55200.0,331322931525000.0,5969782550,KOSPI,STK,1,2026-01-02'
    } >newer.csv
    check "two files with different headers" gives 3 good.csv newer.csv
    check "two names of a column are one" grep -q '"ChagesRatio":0.36,' out
    check "nan is no value" grep -q '"ChagesRatio":0.36,"Volume":10031448,"Amount":558433491400,"High":' out
    sed 's/,ChangesRatio,/,Ratio,/' newer.csv >unknown.csv
    check "a column that nobody knows" refuses 'unknown.csv: header has column Ratio, which dataset marcap does not know' unknown.csv
    check "which can be ignored" gives 1 unknown.csv --ignore-extra-columns
    sed '1s/,Volume,/,Vol,/' good.csv >missing.csv
    check "a column that is missing" refuses 'missing.csv: header has no column Volume' missing.csv
}

test_order() {
    file back.csv "$(row Date=2022-01-05)" "$(row Date=2022-01-04)"
    check "a file out of order" refuses 'back.csv:3: Date: 2022-01-04 comes after 2022-01-05; a file must be in time order: sort it first, or use --sort' back.csv
    check "--sort" gives 4 back.csv good.csv --sort
    check "and its order" equal '2022-01-03 2022-01-03 2022-01-04 2022-01-05 ' "$(jq -r .Date out | tr '\n' ' ')"
    naru generate --out - --from 2019-01-01 --to 2019-12-31 --stocks 1000 --quiet >year.csv
    { head -1 year.csv && tail -n +2 year.csv | tac; } >turned.csv
    dry turned.csv --sort | sort >turned.json
    check "more rows than memory are sorted on disk, and none is lost" cmp turned.json <(dry year.csv | sort)
    check "in order" equal 0 "$(dry turned.csv --sort | jq -r .Date | sort -c 2>&1 | wc -l)"
}

test_ohlcv() {
    mkdir bars
    printf 'Timestamp,Bank_Name,Open,High,Low,Close,Volume\n2024-01-02, Hana ,"1,250","1,300.5",1240,1260,"1,234,567"\n2024-01-03,Hana,-,-,,1270,10\n' >bars/hana.csv
    printf 'Timestamp,Bank_Name,Open,High,Low,Close,Volume\n2024-01-02,KB,1,1,1,1,5\n2024-01-02,KB,1,1,1,2,5\n' >bars/kb.csv
    check "a folder of files, a company each" gives 4 'bars/*.csv' --dataset ohlcv
    check "names are trimmed, separators taken out" equal \
        '{"Timestamp":"2024-01-02","Bank_Name":"Hana","Open":1250,"High":1300.5,"Low":1240,"Close":1260,"Volume":1234567}' "$(head -1 out)"
    check "- and nothing are absent" equal '{"Timestamp":"2024-01-03","Bank_Name":"Hana","Close":1270,"Volume":10}' "$(tail -1 out)"
    check "a timestamp twice is told of" grep -q 'bars/kb.csv:3: Timestamp 2024-01-02, Bank_Name KB is the id of bars/kb.csv:2, too' err
}

catches_usr1() { # PID
    local caught
    caught=$(awk '/SigCgt/ { print $2 }' "/proc/$1/status")
    (((16#$caught & 16#200) != 0))
}

# The rows of a slow pipe, paused before the first one is there.
paused_at_the_start() {
    local child rc=0
    mkfifo slow.csv
    (exec env -i PATH="$PATH" HOME="$WORK" "$NARU_BIN" replay - --dry-run --quiet) <slow.csv >out 2>err &
    child=$!
    exec 3>slow.csv
    echo "$HEADER" >&3
    wait_until 30 catches_usr1 $child
    kill -USR1 $child
    row >&3
    exec 3>&-
    sleep 1
    equal '' "$(<out)" && kill -USR2 $child
    wait $child || rc=$?
    equal 0 $rc && equal 1 "$(wc -l <out)"
}

test_signals() {
    check "a replay that waits for its first row can be paused" paused_at_the_start
}

# What a full disk takes nothing of.
no_room() { # ARGUMENTS...
    local rc=0
    naru "$@" >/dev/full 2>err || rc=$?
    cat err
    [[ $rc == 1 ]] && grep -q 'No space left' err
}

test_full_disk() {
    check "rows that a full disk does not take" no_room replay good.csv --dry-run --quiet
    check "a configuration" no_room bridge --print-config
    check "a page of help" no_room --help
    check "the version" no_room --version
    check "a check of a dataset" no_room replay --check-dataset marcap
}

test_manifest() {
    check "a manifest to a pipe" equal 2 "$(dry good.csv --manifest >(jq .records >manifest.out) >/dev/null &&
        wait_until 30 test -s manifest.out && cat manifest.out)"
}

test_packed
test_encodings
test_rows
test_headers
test_order
test_ohlcv
test_signals
test_full_disk
test_manifest
finish
