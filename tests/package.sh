#!/bin/sh
# Builds the jars of `make package` and the wheel of `make python` once more, from a copy of the sources in another folder,
# and compares.
set -eu

repository=$(cd "$(dirname "$0")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cd "$repository"
tests/glibc.sh bindings/java/client/src/main/resources/org/libftps/native/*/libftps_jni.so
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --preserve=timestamps --parents -t "$copy"
make -s -C "$copy" package python

jars=$(cd "$copy" && ls bindings/java/*/target/libftps-*.jar | grep -v /testing/)
for module in client commons-net spring-integration; do
  for kind in "" -sources -javadoc; do
    echo "$jars" | grep -q "/libftps-$module-[0-9.]*$kind.jar" || {
      echo "package.sh: libftps-$module has no jar \"$kind\"" >&2
      exit 1
    }
  done
done
wheel=$(cd "$copy" && ls target/python/dist/libftps-*.whl)
different=0
for file in $jars $wheel; do
  cmp "$file" "$copy/$file" || different=1
done
[ "$different" = 0 ] || {
  echo "package.sh: built in two folders, these files differ" >&2
  exit 1
}
echo "the same in another folder: $(echo "$jars" | wc -l) jars and a wheel"
