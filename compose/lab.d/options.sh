# shellcheck shell=bash
# shellcheck disable=SC2034 # the parts that use these variables are sourced beside this one
# The command line, read into the settings (what the lab is), GIVEN (which options were asked for) and a few flags.

ENGINE=es7 ES_NODES=1 BROKERS=3 KAFKA_PORT=19092 ES_PORT=19200 ES_HEAP=1g KAFKA_HEAP=384m SECURITY=none KAFKA=4
readonly SETTING_NAMES=(engine es-nodes brokers kafka-port es-port es-heap kafka-heap security kafka)

declare -A GIVEN=()
declare -a NAMES=()
COMMAND='' STATE='' TIMEOUT=180 FRESH='' WIPE='' FOLLOW=''

is_setting() { [[ " ${SETTING_NAMES[*]} " == *" $1 "* ]]; }

# The option --es-nodes is the variable ES_NODES, and so on.
setting_variable() {
    local name=${1//-/_}
    echo "${name^^}"
}

setting() {
    local variable
    variable=$(setting_variable "$1")
    echo "${!variable}"
}

set_setting() { printf -v "$(setting_variable "$1")" '%s' "$2"; }

parse_arguments() {
    local argument value
    while (($#)); do
        argument=$1
        shift
        case $argument in
            --help | -h) usage; exit 0 ;;
            --fresh)     FRESH=yes; GIVEN[fresh]=yes ;;
            --wipe)      WIPE=yes; GIVEN[wipe]=yes ;;
            -f)          FOLLOW=yes; GIVEN[f]=yes ;;
            --*=*)       take_option "${argument%%=*}" "${argument#*=}" ;;
            --*)
                is_option_with_value "$argument" || refuse "unknown option $argument: see compose/lab --help"
                (($#)) || refuse "$argument needs a value: see compose/lab --help"
                value=$1
                shift
                take_option "$argument" "$value"
                ;;
            -*)          refuse "unknown option $argument: see compose/lab --help" ;;
            *)           take_word "$argument" ;;
        esac
    done
    [[ $COMMAND ]] || refuse "no command given: up, down, status, logs, stop, start, kill or fetch (see compose/lab --help)"
    check_that_options_suit_the_command
    STATE=$(realpath -m -- "${STATE:-${NARU_LAB_STATE:-$LAB_HOME/../../.lab}}")
}

is_option_with_value() {
    [[ $1 == --state || $1 == --timeout ]] || is_setting "${1#--}"
}

take_option() {
    local option=$1 name=${1#--} value=$2
    is_option_with_value "$option" || refuse "unknown option $option: see compose/lab --help"
    case $option in
        --engine)
            [[ $value =~ ^(es6|es7|es8|es9|os3|none)$ ]] || refuse "--engine $value: take es6, es7, es8, es9, os3 or none" ;;
        --es-nodes)
            [[ $value =~ ^[12]$ ]] || refuse "--es-nodes $value: take 1 or 2" ;;
        --brokers)
            [[ $value =~ ^[13]$ ]] || refuse "--brokers $value: take 1 or 3" ;;
        --kafka-port | --es-port)
            [[ $value =~ ^[1-9][0-9]{3,4}$ && value -ge 1024 && value -le 65000 ]] ||
                refuse "$option $value: take a port from 1024 to 65000" ;;
        --es-heap | --kafka-heap)
            [[ $value =~ ^[1-9][0-9]*[mgMG]$ ]] || refuse "$option $value: take a size such as 512m or 1g" ;;
        --security)
            [[ $value =~ ^(none|sasl_ssl)$ ]] || refuse "--security $value: take none or sasl_ssl" ;;
        --kafka)
            [[ $value =~ ^[34]$ ]] || refuse "--kafka $value: take 3 or 4" ;;
        --timeout)
            [[ $value =~ ^[1-9][0-9]{0,4}$ ]] || refuse "--timeout $value: take a number of seconds"
            TIMEOUT=$value ;;
        --state)
            [[ $value ]] || refuse "--state needs a folder"
            STATE=$value ;;
    esac
    GIVEN[$name]=$value
    if is_setting "$name"; then set_setting "$name" "$value"; fi
}

take_word() {
    if [[ ! $COMMAND ]]; then
        [[ $1 =~ ^(up|down|status|logs|stop|start|kill|fetch)$ ]] ||
            refuse "unknown command $1: take up, down, status, logs, stop, start, kill or fetch"
        COMMAND=$1
    else
        [[ $1 =~ ^(kafka-[123]|es-[12])$ ]] || refuse "unknown name $1: take kafka-1, kafka-2, kafka-3, es-1 or es-2"
        NAMES+=("$1")
    fi
}

check_that_options_suit_the_command() {
    local allowed option
    case $COMMAND in
        up)                allowed="state timeout fresh ${SETTING_NAMES[*]}" ;;
        fetch)             allowed="state engine" ;;
        start)             allowed="state timeout" ;;
        down)              allowed="state wipe" ;;
        logs)              allowed="state f" ;;
        status|stop|kill)  allowed="state" ;;
    esac
    for option in "${!GIVEN[@]}"; do
        [[ " $allowed " == *" $option "* ]] ||
            refuse "$COMMAND takes no option $(if ((${#option} > 1)); then echo "--$option"; else echo "-$option"; fi): see compose/lab --help"
    done
    case $COMMAND in
        stop | start | kill)
            ((${#NAMES[@]})) || refuse "$COMMAND needs a name: kafka-1, kafka-2, kafka-3, es-1 or es-2" ;;
        logs) ;;
        *)
            ((${#NAMES[@]} == 0)) || refuse "$COMMAND takes no name: leave out ${NAMES[*]}" ;;
    esac
}
