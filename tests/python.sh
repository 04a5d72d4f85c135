#!/bin/sh
# Runs the tests of the Python package on what users install: the wheel of `make python`, in fresh virtual environments,
# with each Python of this machine that is 3.10 or newer (one of each minor version; pyenv's too).
#
# Tests that are marked "long", and those that need Dask, pandas and pyarrow, run with one of them: python3, or the first
# one that is named.
#
# usage: tests/python.sh [PYTEST_ARGUMENT...]
#   PYTHONS   the interpreters to take instead
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
wheel=$(echo "$repository"/target/python/dist/libftps-*.whl)

# The interpreters, one of each minor version: "3.11 /usr/bin/python3" a line.
found() {
  # shellcheck disable=SC2086
  for python in ${PYTHONS:-python3 $(seq -f 'python3.%g' 10 19) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3}; do
    "$python" -c 'import sys; sys.version_info >= (3, 10) and print("3.%d" % sys.version_info[1], sys.executable)' \
      2>/dev/null || true
  done | awk '!seen[$1]++'
}

versions=$(found)
[ -n "$versions" ] || {
  echo "python.sh: there is no Python 3.10 or newer" >&2
  exit 1
}
cd "$repository/bindings/python"
echo "$versions" | {
  ran="" first="" which="" without=""
  while read -r version python; do
    echo "== the wheel with Python $version$without"
    environment=$repository/target/python/with-$version
    "$repository/tests/environment.sh" "$environment" "$python" "$wheel[test]"
    # A library that the environment names would be tested in place of the wheel's. Whoever runs this in the background
    # has SIGINT ignored, and programs inherit that.
    env -u LIBFTPS_LIBRARY --default-signal=INT,TERM,HUP \
      "$environment/bin/python" -m pytest tests --ignore tests/with_dask ${which:+-m "$which"} "$@" </dev/null
    ran="$ran $version" first=${first:-$python}
    which="not long" without=", without the long tests"
  done
  echo "== the wheel with Dask, pandas and pyarrow"
  environment=$repository/target/python/with-dask
  "$repository/tests/environment.sh" "$environment" "$first" "$wheel[test,dask]"
  env -u LIBFTPS_LIBRARY --default-signal=INT,TERM,HUP "$environment/bin/python" -m pytest tests/with_dask </dev/null
  echo "the wheel passed with Python$ran"
}
