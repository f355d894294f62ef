#!/usr/bin/env bash
# Man pages: each command has one, groff and mandoc read it without a word, and it tells of every option of --help.
set -uo pipefail
NARU=$1
# shellcheck source=tests/checks.sh
source "$(dirname "$0")/../checks.sh"
OUT=$(mktemp -d)
trap 'rm -rf "$OUT"' EXIT

tells_of_options() { # COMMAND: as man shows the page, and as --help does
    local shown
    shown=$(MANWIDTH=500 man -l "$OUT/naru-$1.1" | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | sort -u)
    equal "$(all_options_of "$1")" "$shown"
}

tells_of_settings() { # each has its variable on the page
    local shown wanted
    shown=$(MANWIDTH=500 man -l "$OUT/naru.conf.5" | grep -oE 'NARU_[A-Z_]+(; secret)?(; reload)?$' |
        grep -oE '^NARU_[A-Z_]+' | grep -v '_N$' | sort)
    wanted=$(cd "$OUT" && env -i "$NARU" bridge --print-config | awk -F'[ =;]+' '
        /^\[/ { section = substr($0, 2, length($0) - 2); next }
        NF > 1 && section != "kafka" { print toupper("NARU_" section "_" ($1 == "" ? $2 : $1)) }' | sort)
    [[ -n $wanted ]] && equal "$wanted" "$shown"
}

check "all pages are written" "$NARU" manual --out "$OUT"
# shellcheck disable=SC2046,SC2012 # names of our own making
check "a page each for naru, its commands and naru.conf" equal "$(
    printf '%s\n' naru.1 naru.conf.5 $(commands | sed 's/.*/naru-&.1/') | sort)" "$(ls "$OUT" | sort)"
for page in "$OUT"/*; do
    check "groff takes ${page##*/}" silent groff -man -ww -Tutf8 -z "$page"
    check "mandoc takes ${page##*/}" silent mandoc -T lint -W warning "$page"
done
for command in $(commands); do
    check "naru-$command(1) tells of each option" tells_of_options "$command"
done
check "naru.conf(5) tells of each setting" tells_of_settings
check "a page by its command's name" silent cmp <("$NARU" manual bridge) "$OUT/naru-bridge.1"
check "no page of that name" equal "2 naru manual: no page 'bridges'; naru manual --list names them" \
    "$("$NARU" manual bridges 2>&1 >/dev/null | sed 's/^/2 /')"
check "a folder that is not there" equal 1 "$("$NARU" manual --out "$OUT/none" 2>/dev/null; echo $?)"
finish
