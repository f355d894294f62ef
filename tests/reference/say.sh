# shellcheck shell=bash
# What the two tests share: checks that are counted and shown.
PASSED=0 FAILED=0

check() { # WHAT COMMAND...
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then
        PASSED=$((PASSED + 1))
    else
        FAILED=$((FAILED + 1))
        echo "FAILED: $what"
        sed 's/^/    /' <<<"$out" | head -n 20
    fi
}

equal() { # WANTED GOT
    [[ $1 == "$2" ]] || {
        echo "wanted: $1"
        echo "got:    $2"
        return 1
    }
}

# The commands that naru --help lists, and the long options of one, sorted.
commands() { "$NARU" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
options_of() { # COMMAND
    "$NARU" "$1" --help | sed -n '/^Options:/,/^$/s/^  \(-.,\|   \) \(--[a-z-]*\).*/\2/p' | sort
}

finish() {
    echo "$PASSED passed, $FAILED failed"
    [[ $FAILED == 0 ]]
}
