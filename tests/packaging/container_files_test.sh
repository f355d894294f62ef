#!/usr/bin/env bash
# container_files_test.sh NARU: compose.yaml, Dockerfile and the Kubernetes files, by schema, by lint, and by the program
# that they name: its command lines and settings are the ones it takes. The tools come from PyPI into the cache folder.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
TOOLS=${NARU_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/naru}/container-tools-$(md5sum "$HERE/requirements.txt" | cut -c1-12)

if [[ ! -e $TOOLS/complete ]]; then
    rm -rf "$TOOLS"
    python3 -m venv "$TOOLS"
    "$TOOLS/bin/pip" install --quiet --disable-pip-version-check -r "$HERE/requirements.txt"
    touch "$TOOLS/complete"
fi
# Without our environment: a NARU_ variable of the user would count as a setting.
env -i PATH="$TOOLS/bin:$PATH" "$TOOLS/bin/python" -B "$HERE/container_files.py" "$1" "$HERE/../.."
