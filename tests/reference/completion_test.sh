#!/usr/bin/env bash
# Completion: what bash and zsh offer at a place of a command line is what --help tells of.
set -uo pipefail
NARU=$1
# shellcheck source=tests/checks.sh
source "$(dirname "$0")/../checks.sh"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
"$NARU" completion bash >naru.bash && "$NARU" completion zsh >_naru || exit 1
mkdir -p place/inner && touch place/inner/rows.csv place/marks.json 'place/two words.csv' place/words.csv

coproc ZSH { cd place && zsh -f "$NARU_ZSH_CAPTURE" "$WORK"; }
exec {to_zsh}>&"${ZSH[1]}" {from_zsh}<&"${ZSH[0]}" # subshells have no coproc

# What bash would show for LINE: a fresh shell, the cursor at the end.
bash_offers() { # LINE
    # shellcheck disable=SC2016 # for the other shell
    (cd place && env -i PATH="$PATH" bash --norc -c '
        complete() { :; }; compopt() { :; }
        source ../naru.bash
        COMP_WORDBREAKS=$'"' \\t\\n\"\\'><=;|&(:'"'
        COMP_LINE=$1 COMP_POINT=${#1}
        _naru
        [[ ${#COMPREPLY[@]} == 0 ]] || printf "%s\n" "${COMPREPLY[@]}"' bash "$1" | bare)
}

zsh_offers() { # LINE
    local word
    printf '%s\n' "$1" >&"$to_zsh"
    while IFS= read -r -t 60 word <&"$from_zsh" && [[ -n $word ]]; do
        echo "$word"
    done | bare
}

bare() { sed 's/=$//' | joined; } # what a shell adds for the cursor
joined() { sort -u | paste -sd' '; }

both() { # LINE WANTED
    check "bash: $1" equal "$2" "$(bash_offers "$1")"
    check "zsh: $1" equal "$2" "$(zsh_offers "$1")"
}

check "the script for bash is lint-free" shellcheck -s bash naru.bash
check "nothing else is in the way of zsh" zsh -n _naru

check "bash: naru " equal "$( (commands; printf '%s\n' --help --version) | joined)" "$(bash_offers 'naru ')"
check "zsh: naru " equal "$(commands | joined)" "$(zsh_offers 'naru ')"
for command in $(commands); do
    check "bash: naru $command --" equal "$(options_of "$command" | joined)" "$(bash_offers "naru $command --")"
    check "zsh: naru $command --" equal "$(all_options_of "$command" | joined)" "$(zsh_offers "naru $command --")"
    if [[ -n $(actions_of "$command") ]]; then
        both "naru $command " "$(actions_of "$command" | joined)"
    fi
done
for action in $(actions_of kibana); do # these have tables of their own
    check "bash: naru kibana $action --" equal "$(options_of kibana "$action" | joined)" "$(bash_offers "naru kibana $action --")"
done
both 'naru rep' replay
both 'naru bridge --log-format ' 'json text'
both 'naru bridge --log-format=j' json
both 'naru bridge --ordering ' 'id none'
both 'naru replay --dataset mar' 'marcap marks.json'
both 'naru bridge --set bridge.comp' bridge.compression
both 'naru bridge --set bridge.compression=' 'gzip none zstd'
both 'naru bridge --set bridge.require_alias=t' true
both 'naru bridge --set kafka.b' kafka.bootstrap.servers
both 'naru generate --out in' inner
both 'naru replay mar' marks.json
both 'naru bridge --group' ''
both 'naru export ' ''
both 'naru nifi check mar' marks.json
both 'naru kibana tableau --connector ' 'elastic opensearch'
check "bash: a blank behind a backslash" equal 'two words.csv' "$(bash_offers 'naru replay two\ w')"
check "bash: a blank in quotes" equal 'two words.csv' "$(bash_offers 'naru replay "two w')"
check "bash: behind a quoted word" equal marks.json "$(bash_offers "naru replay 'two words.csv' mar")"
check "bash: an action's own options" equal --values "$(bash_offers 'naru dlq list --v')"
check "bash: and not another's" equal '' "$(bash_offers 'naru dlq retry --v')"

check "an unknown shell" equal "naru completion: no completion for 'fish'; there is one for bash and one for zsh" \
    "$("$NARU" completion fish 2>&1)"
check "and no shell" equal "naru completion: bash or zsh? see naru completion --help" "$("$NARU" completion 2>&1)"
finish
