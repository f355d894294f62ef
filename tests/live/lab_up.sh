#!/usr/bin/env bash
# The live tests' lab, always fresh: what an interrupted run left is stopped first. Arguments: those of compose/lab up.
set -euo pipefail
LAB=$(dirname "$0")/../../compose/lab
"$LAB" down --state "${NARU_LAB_STATE:?}"
exec "$LAB" up --fresh "$@"
