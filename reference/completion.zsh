
_naru_command() { _describe -t commands 'command' _naru_commands }

_naru_dataset() {
    _alternative 'datasets:dataset:compadd -a _naru_datasets' 'files:dataset file:_files -g "*.json(-.)"'
}

# One setting of --set: its name, or behind the = what it takes.
_naru_set() {
    if [[ $PREFIX == *=* ]]; then
        local key=${PREFIX%%=*}
        local -a words=(${${(M)_naru_words:#$key=*}#*=})
        compset -P '*='
        compadd -a words
    else
        compadd -q -S = -a _naru_settings
    fi
}

_naru() {
    local state line curcontext=$curcontext
    local -a specs
    local -A opt_args
    _arguments -C '(- :)'{--help,-h}'[what there is]' '(- :)'{--version,-V}'[this version]' \
        '1:command:_naru_command' '*::argument:->argument'
    if [[ $state == argument ]]; then
        _naru_specs $words[1]
        _arguments -s -S $specs
    fi
}

if [[ $funcstack[1] == _naru ]]; then
    _naru "$@"
else
    compdef _naru naru
fi
