#!/usr/bin/env bash
# Poison records among good ones: exactly those are dead-lettered, each once; and a budget that stops the bridge.
set -euo pipefail
# shellcheck source=tests/live/lib.sh
source "$(dirname "$0")/lib.sh"

GOOD=0 POISON=0

# Records as kcat reads them, key and value with a tab between: of each 1,000 one holds a text where a number belongs.
make_records() {
    naru generate --out "$WORK/history" --from 1995-05-02 --to 1999-12-31 --stocks 50 --quiet
    naru replay "$WORK"/history/*.csv --dataset marcap --keep-zero-volume --dry-run --quiet |
        awk 'NR % 1000 == 500 { sub(/"Marcap":[0-9]+/, "\"Marcap\":\"plenty\"") }
             { match($0, /"Code":"[^"]*"/); print substr($0, RSTART + 8, RLENGTH - 9) "\t" $0 }' >"$WORK/records"
    POISON=$(grep -c '"Marcap":"plenty"' "$WORK/records")
    GOOD=$(($(wc -l <"$WORK/records") - POISON))
}

make_topic() { # NAME
    naru replay "$WORK/history/marcap-1995.csv" --brokers "$NARU_TEST_BROKERS" --topic "$1" --create-topic 6:3 \
        --dataset marcap --from 1990-01-01 --to 1990-01-02 --pace max --quiet
}

one_in_a_thousand() {
    local dataset
    dataset=$(own_dataset poison)
    make_topic poison
    kcat -b "$NARU_TEST_BROKERS" -t poison -P -K '	' -l "$WORK/records"
    check "the bridge ends well" bridge poison "$dataset" --until-end
    check "the good records are documents" equal "$GOOD" "$(documents poison)"
    kcat -b "$NARU_TEST_BROKERS" -t poison.dlq -C -o beginning -e -q -f '%k\t%h\t%s\n' >"$WORK/letters"
    check "the poison ones are dead letters" equal "$POISON" "$(wc -l <"$WORK/letters")"
    check "each once by key" equal "$POISON" "$(cut -f 1 "$WORK/letters" | sort -u | wc -l)"
    check "with the reason" equal "$POISON" "$(grep -c 'naru.error.reason=.*Marcap' "$WORK/letters")"
    check "and their values as they were" equal "$(grep '"Marcap":"plenty"' "$WORK/records" | cut -f 2 | sort | cksum)" \
        "$(cut -f 3 "$WORK/letters" | sort | cksum)"
}

budget() {
    local dataset
    dataset=$(own_dataset spent)
    make_topic spent
    head -n 5000 "$WORK/records" | sed 's/"Marcap":[0-9]*/"Marcap":"plenty"/' |
        kcat -b "$NARU_TEST_BROKERS" -t spent -P -K '	'
    check "a topic that is refused whole stops the bridge with exit code 3" equal 3 \
        "$(bridge spent "$dataset" --until-end >"$WORK/spent.log" 2>&1 && echo 0 || echo $?)"
    check "it says why" grep -q 'max_dead_letter_share' "$WORK/spent.log"
    check "most records were not diverted" test "$(records spent.dlq 2>/dev/null || echo 0)" -lt 200
    check "a number can be the limit too" equal 3 \
        "$(bridge spent "$dataset" --until-end --max-dead-letter-share 100 --max-dead-letters 1000 \
            >"$WORK/spent.log" 2>&1 && echo 0 || echo $?)"
    check "it says so" grep -q 'max_dead_letters = 1000' "$WORK/spent.log"
    check "without limits all are dead-lettered" bridge spent "$dataset" --until-end --max-dead-letter-share 100
    check "each at least once, none lost" equal 5000 \
        "$(kcat -b "$NARU_TEST_BROKERS" -t spent.dlq -C -o beginning -e -q -f '%k\n' | sort -u | wc -l)"
}

make_records
one_in_a_thousand
budget
finish
