#!/bin/sh
# cargo for what is published: the library runs with glibc 2.17 and newer (manylinux2014), and is the same bytes wherever
# the sources and cargo's folder are.
#
# usage: bindings/published-cargo.sh build|rustc ARGUMENT...
#   PYTHON_TOOLS   the environment with cargo-zigbuild and zig (default: target/python/tools, made by `make python-tools`)
#
# zig knows the symbols of each glibc, and links to the one that is asked for. All of it is below target/package.
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
crates=${CARGO_HOME:-$HOME/.cargo}
PATH="${PYTHON_TOOLS:-$repository/target/python/tools}/bin:$PATH"
RUSTFLAGS="--remap-path-prefix=$repository=libftps --remap-path-prefix=$crates=cargo -C strip=symbols"
CFLAGS="-ffile-prefix-map=$repository=libftps -ffile-prefix-map=$crates=cargo"
CARGO_TARGET_DIR=$repository/target/package
export PATH RUSTFLAGS CFLAGS CARGO_TARGET_DIR
# The C code has no dates in it, but would be compiled anew where this changes.
unset SOURCE_DATE_EPOCH
command=$1
shift
exec cargo-zigbuild "$command" --target "$(uname -m)-unknown-linux-gnu.2.17" "$@"
