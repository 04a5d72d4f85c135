#!/bin/sh
# Makes a fresh virtual environment of Python and installs packages into it, trying again where the network fails.
#
# usage: tests/environment.sh FOLDER PYTHON PIP_ARGUMENT...
set -eu

folder=$1 python=$2
shift 2
rm -rf "$folder"
"$python" -m venv "$folder"
for attempt in 1 2 3; do
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --retries 10 --timeout 60 "$@" && exit 0
  echo "environment.sh: attempt $attempt of 3 to install $* failed: see above" >&2
  sleep $((attempt * 5))
done
exit 1
