#!/bin/sh
# Fails where a library needs a glibc newer than 2.17, which manylinux2014 and the published libraries promise.
#
# usage: tests/glibc.sh LIBRARY...
set -eu

for library; do
  newest=$(readelf --wide --version-info "$library" | grep -o 'GLIBC_[0-9.]*' | sort -V | tail -n 1)
  [ -n "$newest" ] || {
    echo "glibc.sh: $library tells no version of glibc" >&2
    exit 1
  }
  [ "$(printf '%s\nGLIBC_2.17\n' "$newest" | sort -V | tail -n 1)" = GLIBC_2.17 ] || {
    echo "glibc.sh: $library needs $newest, and is published for GLIBC_2.17" >&2
    exit 1
  }
done
