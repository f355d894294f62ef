
# Offer those of the words that begin as $cur does.
_naru_offer() {
    local word
    for word in "$@"; do
        if [[ $word == "$cur"* ]]; then COMPREPLY+=("$word"); fi
    done
}

_naru_offer_files() { # -f or -d
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do
        COMPREPLY+=("$name")
    done < <(compgen "$1" -- "$cur")
}

# One setting of --set: its name, or behind the = what it takes.
_naru_offer_setting() {
    local key=${cur%%=*} word
    if [[ $cur == *=* ]]; then
        for word in $(_naru_setting "$key"); do
            _naru_offer "$key=$word"
        done
    else
        compopt -o nospace 2>/dev/null
        for word in $(_naru_settings); do
            _naru_offer "$word="
        done
    fi
}

# What a value or an operand is: words of _naru_value and _naru_operand.
_naru_offer_kinds() {
    local -a kinds=("$@")
    while ((${#kinds[@]} > 0)); do
        case ${kinds[0]} in
        file) _naru_offer_files -f ;;
        folder) _naru_offer_files -d ;;
        dataset)
            _naru_offer $(_naru_datasets)
            _naru_offer_files -f
            ;;
        setting) _naru_offer_setting ;;
        command) _naru_offer $(_naru_commands) ;;
        words)
            _naru_offer "${kinds[@]:1}"
            return
            ;;
        esac
        kinds=("${kinds[@]:1}")
    done
}

# Bash replaces only what stands behind the last = or : of a word.
_naru_cut_replies() {
    local breaks=${COMP_WORDBREAKS-} start='' i
    [[ $breaks == *=* && $whole == *=* ]] && start=${whole%"${whole##*=}"}
    [[ $breaks == *:* && ${whole#"$start"} == *:* ]] && start=${whole%"${whole##*:}"}
    for i in "${!COMPREPLY[@]}"; do
        COMPREPLY[i]=$before${COMPREPLY[i]}
        COMPREPLY[i]=${COMPREPLY[i]#"$start"}
    done
}

# The words of a line as the shell takes them: blanks may be quoted. The last is the one at the cursor.
_naru_split() { # LINE
    local line=$1 char quote='' word='' has_word=
    local -i i
    words=()
    for ((i = 0; i < ${#line}; i++)); do
        char=${line:i:1}
        if [[ -n $quote && $char == "$quote" ]]; then
            quote=''
        elif [[ $quote == "'" ]]; then
            word+=$char
        elif [[ $char == \\ ]]; then
            i+=1
            word+=${line:i:1}
            has_word=1
        elif [[ -n $quote ]]; then
            word+=$char
        elif [[ $char == [\'\"] ]]; then
            quote=$char
            has_word=1
        elif [[ $char != [[:space:]] ]]; then
            word+=$char
            has_word=1
        elif [[ -n $has_word ]]; then
            words+=("$word")
            word='' has_word=''
        fi
    done
    words+=("$word")
}

_naru() {
    local line=${COMP_LINE:0:COMP_POINT} whole before='' cur prev='' command='' action='' word
    local -a words kind
    local -i at
    COMPREPLY=()
    _naru_split "$line"
    whole=${words[${#words[@]} - 1]}
    cur=$whole
    ((${#words[@]} > 2)) && prev=${words[${#words[@]} - 2]}
    command=${words[1]-}
    if ((${#words[@]} <= 2)); then
        _naru_offer $(_naru_commands) --help --version
        return
    fi
    for ((at = 2; at < ${#words[@]} - 1; at++)); do
        for word in $(_naru_actions "$command"); do
            [[ -z $action && $word == "${words[at]}" ]] && action=$word
        done
    done
    if [[ $cur == --*=* ]]; then
        before=${cur%%=*}=
        prev=${cur%%=*}
        cur=${cur#*=}
    fi
    if [[ $prev == -?* ]] && word=$(_naru_value "$command" "$prev"); then
        read -ra kind <<<"$word"
        _naru_offer_kinds "${kind[@]}"
    elif [[ $cur == -* ]]; then
        _naru_offer $(_naru_options "$command" "$action")
    elif [[ -z $action && -n $(_naru_actions "$command") ]]; then
        _naru_offer $(_naru_actions "$command")
    else
        read -ra kind <<<"$(_naru_operand "$command")"
        _naru_offer_kinds "${kind[@]}"
    fi
    _naru_cut_replies
}

complete -F _naru naru
