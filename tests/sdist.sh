#!/bin/sh
# Installs the sdist of `make python` into a fresh virtual environment, which builds the library from what is in it.
#
# usage: tests/sdist.sh
#
# Its compiled crates are kept in target/python/sdist.
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
sdist=$(echo "$repository"/target/python/dist/libftps-*.tar.gz)
environment=$repository/target/python/from-sdist

env -u LIBFTPS_LIBRARY CARGO_TARGET_DIR="$repository/target/python/sdist" \
  "$repository/tests/environment.sh" "$environment" python3 "$sdist"
cd /
version=$(env -u LIBFTPS_LIBRARY "$environment/bin/python" -c 'import libftps; print(libftps.version())')
echo "the sdist built and installed libftps $version"
