#!/bin/sh
# Runs the tests of the Python package on what users install: the wheel of `make python`, in fresh virtual environments,
# with each Python of this machine that is 3.10 or newer (one of each minor version; pyenv's too). What needs Dask, pandas
# and pyarrow, which are large, runs with the newest of them.
#
# usage: tests/python.sh [PYTEST_ARGUMENT...]
#   PYTHONS   the interpreters to take instead
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
wheel=$(echo "$repository"/target/python/dist/libftps-*.whl)

# The interpreters, one a line.
found() {
  # shellcheck disable=SC2086
  for python in ${PYTHONS:-python3 $(seq -f 'python3.%g' 10 19) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3}; do
    "$python" -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null || true
  done | sort --version-sort --key 1,1 --unique | awk '{ split($1, version, "."); if (version[2] >= 10) print }'
}

versions=$(found)
[ -n "$versions" ] || {
  echo "python.sh: there is no Python 3.10 or newer" >&2
  exit 1
}
cd "$repository/bindings/python"
echo "$versions" | {
  ran=""
  while read -r version python; do
    echo "== the wheel with Python $version"
    environment=$repository/target/python/with-$version
    "$repository/tests/environment.sh" "$environment" "$python" "$wheel[test]"
    # The wheel overrides nothing: a library named by the environment would be tested in its place.
    env -u LIBFTPS_LIBRARY "$environment/bin/python" -m pytest tests --ignore tests/with_dask "$@" </dev/null
    ran="$ran $version" newest=$python
  done
  echo "== the wheel with Dask, pandas and pyarrow"
  environment=$repository/target/python/with-dask
  "$repository/tests/environment.sh" "$environment" "$newest" "$wheel[test,dask]"
  env -u LIBFTPS_LIBRARY "$environment/bin/python" -m pytest tests/with_dask </dev/null
  echo "the wheel passed with Python$ran"
}
