#!/bin/sh
# Runs the tests of the Python package on what users install: the wheel of `make python`, in fresh virtual environments,
# with the newest and the oldest Python of this machine from 3.10 on (pyenv's too).
#
# What takes minutes (marked "long"), and what needs Dask, pandas and pyarrow, which are large, runs with the newest alone.
#
# usage: tests/python.sh [PYTEST_ARGUMENT...]
#   PYTHONS   "all" for one of each minor version, or the interpreters to take instead
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
wheel=$(echo "$repository"/target/python/dist/libftps-*.whl)

# "3.11 /usr/bin/python3" a line for these interpreters, one of each minor version, the newest first.
found() {
  for python; do
    "$python" -c 'import sys; sys.version_info >= (3, 10) and print("3.%d" % sys.version_info[1], sys.executable)' \
      2>/dev/null || true
  done | awk '!seen[$1]++' | sort --version-sort --reverse
}

chosen() {
  here="python3 $(seq -f 'python3.%g' 10 19) ${PYENV_ROOT:-$HOME/.pyenv}/versions/3.*/bin/python3"
  # shellcheck disable=SC2086
  case "${PYTHONS:-}" in
  "") found $here | sed -n '1p;1!{$p}' ;;
  all) found $here ;;
  *) found $PYTHONS ;;
  esac
}

# usage: run PYTHON NAME EXTRAS PYTEST_ARGUMENT...
run() {
  python=$1 environment=$repository/target/python/with-$2 extras=$3
  shift 3
  "$repository/tests/environment.sh" "$environment" "$python" "$wheel[$extras]"
  # A library that the environment names would be tested in place of the wheel's. Whoever runs this in the background has
  # SIGINT ignored, and programs inherit that.
  env -u LIBFTPS_LIBRARY --default-signal=INT,TERM,HUP "$environment/bin/python" -m pytest "$@" </dev/null
}

versions=$(chosen)
[ -n "$versions" ] || {
  echo "python.sh: there is no Python 3.10 or newer" >&2
  exit 1
}
cd "$repository/bindings/python"
echo "$versions" | {
  read -r version python
  echo "== the wheel with Python $version, Dask, pandas and pyarrow"
  run "$python" "$version" test,dask tests "$@"
  ran=$version
  while read -r version python; do
    echo "== the wheel with Python $version: not what is long or needs Dask"
    run "$python" "$version" test tests --ignore tests/with_dask -m "not long" "$@"
    ran="$ran, $version"
  done
  echo "the wheel passed with Python $ran"
}
