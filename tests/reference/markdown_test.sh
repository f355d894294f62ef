#!/usr/bin/env bash
# markdown_test.sh NARU DOCS: the reference in docs is what the program writes now, whole, and its links lead somewhere.
set -uo pipefail
NARU=$1 DOCS=$2
# shellcheck source=tests/checks.sh
source "$(dirname "$0")/../checks.sh"
OUT=$(mktemp -d)
trap 'rm -rf "$OUT"' EXIT

as_committed() {
    diff -r "$DOCS" "$OUT" || {
        echo "the tables have changed: naru manual --markdown --out docs/reference, and commit that"
        return 1
    }
}

tells_of_options() { # COMMAND
    equal "$(all_options_of "$1")" "$(grep -oE '^- `(-., )?--[a-z-]+' "$OUT/$1.md" | grep -oE -- '--[a-z-]+' | sort -u)"
}

tells_of_settings() { # each has its variable
    local wanted
    wanted=$(cd "$OUT" && env -i "$NARU" bridge --print-config | awk -F'[ =;]+' '
        /^\[/ { section = substr($0, 2, length($0) - 2); next }
        NF > 1 && section != "kafka" { print toupper("NARU_" section "_" ($1 == "" ? $2 : $1)) }' | sort)
    # shellcheck disable=SC2016 # a mark
    [[ -n $wanted ]] && equal "$wanted" \
        "$(grep -oE '^\|.*`NARU_[A-Z_]+` \|$' "$OUT/settings.md" | grep -oE 'NARU_[A-Z_]+' | grep -v '_N$' | sort)"
}

# A row has as many cells as its heading: a | in a cell is guarded.
even_tables() { # FILE
    sed 's/\\|//g' "$1" | awk -F'|' '/^\|/ { if (!n) n = NF; if (NF != n) { print; bad = 1 } next } { n = 0 } END { exit bad }'
}

led_to() { grep -oE '\]\([^)]+\)' "$1" | sed 's/^](//; s/)$//'; }
leads_somewhere() { # FILE
    local link
    for link in $(led_to "$1"); do
        [[ -e $OUT/$link ]] || {
            echo "no $link"
            return 1
        }
    done
}

check "all pages are written" "$NARU" manual --markdown --out "$OUT"
check "docs/reference is that" as_committed
# shellcheck disable=SC2046,SC2012 # names of our own making
check "a page each for the commands, settings and metrics" equal "$(
    printf '%s.md\n' README settings metrics $(commands) | sort)" "$(ls "$OUT" | sort)"
check "README leads to all of them" equal "$(cd "$OUT" && printf '%s\n' *.md | grep -v README | sort)" \
    "$(led_to "$OUT/README.md" | sort -u)"
for command in $(commands); do
    check "$command.md tells of each option" tells_of_options "$command"
done
for page in "$OUT"/*.md; do
    check "the tables of ${page##*/}" even_tables "$page"
    check "the fences of ${page##*/} are closed" equal 0 "$(($(grep -c '^ *```$' "$page") % 2))"
    check "the links of ${page##*/}" leads_somewhere "$page"
done
check "settings.md tells of each setting" tells_of_settings
check "a page by its name" silent cmp <("$NARU" manual --markdown bridge) "$OUT/bridge.md"
check "no page of that name" equal "naru manual: no page 'bridges'; naru manual --list --markdown names them" \
    "$("$NARU" manual --markdown bridges 2>&1)"
finish
