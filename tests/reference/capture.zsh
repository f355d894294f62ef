# zsh -f capture.zsh FOLDER: for each line on standard input the words that zsh offers behind it, one a line, then an
# empty line. FOLDER holds _naru.
# Another zsh runs on a terminal of its own (zpty): completion wants one. There compadd, by which every completion
# function hands over its words, is a function that prints what matches.
zmodload zsh/zpty
print -r -- '
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a __found
    builtin compadd -A __found "$@"
    (( $#__found )) && print -rl -- offer:$^__found:offer
    builtin compadd "$@"
}
show_end() { print -r -- end:of:offers }
PROMPT=
autoload -Uz compinit
fpath=('$1' $fpath)
compinit -u -D
zstyle ":completion:*" insert-tab false
complete_and_tell() {
    comppostfuncs=(show_end)
    zle complete-word
}
zle -N complete_and_tell
bindkey "^I" complete_and_tell
bindkey "^U" kill-whole-line
print -r -- ready:for:keys
' >$1/setup.zsh
zpty shell "zsh -f -i"
zpty -w shell "source $1/setup.zsh"
while zpty -r shell line; do
    [[ $line == *ready:for:keys* ]] && break
done
while IFS= read -r wanted; do
    zpty -w -n shell $'\C-u'"$wanted"$'\t'
    while zpty -r shell line; do
        line=${line%%$'\r'#$'\n'}
        [[ $line == *end:of:offers* ]] && break
        [[ $line == *offer:*:offer* ]] && print -r -- ${${line##*offer:}%%:offer*}
    done
    print
done
zpty -d shell
