#!/bin/sh
# Installs what building and testing need, or says what to install where it lacks the rights.
# "tools.sh demo": only what building and the demo need. "tools.sh java": what building and testing the jars needs.
# "tools.sh python": what the environments of the Python package need.
# "tools.sh java-example": what building and testing the Spring Boot application needs.
set -eu

missing=""
need() {
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need cc gcc
[ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
need make make
need python3 python3
need_java() {
  need javac openjdk-17-jdk-headless
  need mvn maven
}
case "${1:-}" in
demo)
  need_java
  ;;
java)
  need_java
  need softhsm2-util softhsm2
  ;;
python)
  python3 -c "import ensurepip, venv" 2>/dev/null || missing="$missing python3-venv"
  ;;
java-example)
  need_java
  need runuser util-linux
  [ -d /usr/lib/postgresql ] || missing="$missing postgresql"
  ;;
*)
  need cmake cmake
  need curl curl
  need ip iproute2
  need openssl openssl
  need pkg-config pkg-config
  need c++ g++
  need valgrind "valgrind libc6-dbg"
  [ -e /usr/include/openssl/ssl.h ] || missing="$missing libssl-dev"
  ;;
esac
if ! command -v cargo >/dev/null 2>&1; then
  echo "Rust 1.88 or newer is needed: see https://rustup.rs" >&2
  exit 1
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing:$missing"
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
else
  echo "Install these packages, then run this command again:$missing" >&2
  exit 1
fi
