# shellcheck shell=bash
# What tests written as scripts share: checks that are counted and shown. NARU is the executable under test.
PASSED=0 FAILED=0 SKIPPED=0

check() { # WHAT COMMAND...
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then
        PASSED=$((PASSED + 1))
    else
        FAILED=$((FAILED + 1))
        echo "FAILED: $what"
        head -n 20 <<<"$out" | sed 's/^/    /'
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
options_of() { # COMMAND [ACTION]
    "$NARU" "$@" --help | sed -n '/^Options:/,/^$/s/^  \(-.,\|   \) \(--[a-z-]*\).*/\2/p' | sort
}

skip() { # WHAT WHY [HOW MANY]
    SKIPPED=$((SKIPPED + ${3:-1}))
    echo "skipped: $1: $2"
}

# Nothing is said by the command, and it succeeds.
silent() { # COMMAND...
    local said
    if said=$("$@" 2>&1) && [[ -z $said ]]; then return 0; fi
    echo "$said"
    return 1
}

# The actions that a command's usage names, sorted.
actions_of() { # COMMAND
    "$NARU" "$1" --help | sed -n '/^Usage/,/^$/p' | grep -oE "naru $1 [a-z]+[a-z|]*" | awk '{ print $3 }' | tr '|' '\n' | sort -u
}
all_options_of() { # COMMAND: and of its actions, which may have a help of their own
    local action
    {
        options_of "$1"
        for action in $(actions_of "$1"); do options_of "$1" "$action"; done
    } | sort -u
}

finish() {
    echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
    [[ $FAILED == 0 ]]
}
