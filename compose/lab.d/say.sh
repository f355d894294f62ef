# shellcheck shell=bash
# Words to the person at the terminal. Progress and errors go to stderr: stdout is for what a script would read.

say() { printf '%s\n' "$*" >&2; }

# The two ways to give up, by the exit codes every naru tool shares.
fail()   { say "lab: $*"; exit 1; }
refuse() { say "lab: $*"; exit 2; }

usage() {
    cat <<'END'
usage: compose/lab COMMAND [OPTIONS] [NAME...]

  up             start the lab and wait until it is ready; what already runs is left alone
  down           stop it; with --wipe remove its data too (downloads stay)
  status         a table of what runs; exit 0 all up, 1 some down, 3 none up
  logs [NAME]    the end of the logs; -f follows them
  stop NAME...   SIGTERM and wait            kill NAME...   SIGKILL
  start NAME...  start again with the same data and wait until ready
  fetch          download only
NAME is kafka-1 kafka-2 kafka-3 es-1 or es-2

options of up and fetch
  --engine NAME      es7 (default), es6, es8, es9, os3, or none for Kafka alone
  --es-nodes N       1 (default), or 2: es-1 a master-only node, es-2 a data node
  --brokers N        3 (default) or 1
  --kafka-port PORT  19092; brokers on PORT, +1, +2, controllers on +10, +11, +12
  --es-port PORT     19200; nodes on PORT, +1, their transport on +100, +101
  --es-heap SIZE     1g
  --kafka-heap SIZE  384m
  --kafka N          4 (default: 4.1), or 3 (3.9), the last that Debian 12's librdkafka can log in to by SCRAM
  --security NAME    none (default), or sasl_ssl: brokers take clients by TLS with SASL only, PLAIN or SCRAM, and up prints
                     what they need; brokers among themselves on PORT+20, +21, +22
  --timeout SECONDS  180; how long up and start wait for readiness
  --fresh            remove the data of an earlier run first
options of every command
  --state DIR        where settings, pids, logs, data and conf live; default $NARU_LAB_STATE, else .lab in the repository
  --help

While the lab runs, `up` keeps its settings for each option not given. Each engine and each number of nodes or brokers
has its own data. Downloads: ${NARU_CACHE:-${XDG_CACHE_HOME:-~/.cache}/naru}. Java: $JAVA_HOME when new enough, else the
oldest on this machine that is (17; for es9 and os3 21). $NARU_LAB_ES_SETTINGS, NAME=VALUE,..., are more settings of the
engine nodes that this call starts, such as thread_pool.write.queue_size=1.
Exit codes: 0 done, 1 the work failed, 2 unusable arguments.
END
}
