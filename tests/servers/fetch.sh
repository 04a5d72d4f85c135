#!/bin/sh
# Puts vsftpd, ProFTPD and Pure-FTPd, and the proxies microsocks and Tinyproxy, from Debian's packages, into a folder where the tests find them.
#
# usage: tests/servers/fetch.sh
#   FTPS_SERVERS_DIR   the folder (default: .cache/servers in the root of the repository)
#
# The packages are unpacked, never installed: they exclude each other, and nothing of this
# machine is changed. Rights are needed only where apt's package lists are missing or too old.
set -eu

# What follows the servers is what they link to beyond Debian's base system.
packages="vsftpd proftpd-core proftpd-mod-crypto pure-ftpd pure-ftpd-common microsocks tinyproxy-bin
  libwrap0 libnsl2 libtirpc3 libhiredis0.14 libmemcached11 libmemcachedutil2 libhashkit2 libpcre2-posix3 libsodium23"

repository=$(cd "$(dirname "$0")/../.." && pwd)
folder=${FTPS_SERVERS_DIR:-$repository/.cache/servers}

fail() {
  echo "fetch.sh: $*" >&2
  exit 1
}

download() {
  # Debian's own sandbox user cannot write into the scratch folder; root then warns about it at length.
  # shellcheck disable=SC2086
  apt-get download -qq -o APT::Sandbox::User=root $packages
}

update_lists() {
  [ "$(id -u)" = 0 ] || fail "apt-get cannot download the packages (see above). Its lists may be missing or too old: \
run 'sudo apt-get update', then this script again."
  echo "fetch.sh: apt's package lists are missing or too old: running apt-get update"
  apt-get update -qq || fail "apt-get update failed: see above."
}

# The libraries that the dynamic linker does not find, one a line.
missing_libraries() {
  LD_LIBRARY_PATH=$(find "$1/usr/lib" -maxdepth 1 -name '*-linux-gnu*' | head -n 1)
  export LD_LIBRARY_PATH
  for program in usr/sbin/vsftpd usr/sbin/proftpd usr/lib/proftpd/mod_tls.so usr/lib/proftpd/mod_digest.so \
    usr/sbin/pure-ftpd usr/bin/pure-pw usr/bin/microsocks usr/bin/tinyproxy; do
    [ -e "$1/$program" ] || fail "$program is in none of the packages; is this Debian 12?"
    ldd "$1/$program" | sed -n 's/^[[:space:]]*\(.*\) => not found.*/\1/p'
  done | sort -u
}

if [ -f "$folder/packages" ] && [ "$(cat "$folder/packages")" = "$packages" ]; then
  echo "fetch.sh: the servers are in $folder"
  exit 0
fi

command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
  fail "apt-get and dpkg are needed: the servers come from Debian 12's packages. On another system put \
usr/sbin/vsftpd, usr/sbin/proftpd, usr/lib/proftpd/mod_tls.so, usr/lib/proftpd/mod_digest.so, usr/sbin/pure-ftpd, usr/bin/pure-pw, usr/bin/microsocks and usr/bin/tinyproxy into \
$folder/root yourself."

mkdir -p "$folder" || fail "cannot create $folder: set FTPS_SERVERS_DIR to a folder you may write to."
# Two test runs may start at once: the second waits, and then finds the work done.
if command -v flock >/dev/null && [ -z "${FTPS_SERVERS_LOCKED:-}" ]; then
  FTPS_SERVERS_LOCKED=yes exec flock "$folder" sh "$0"
fi

scratch=$(mktemp -d "$folder/new.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

echo "fetch.sh: downloading $(echo $packages)"
download || { update_lists && download; } || fail "apt-get download failed: see above. These packages are needed: $packages"

mkdir root
for package in *.deb; do
  dpkg -x "$package" root || fail "$package cannot be unpacked."
done
missing=$(missing_libraries "$scratch/root")
[ -z "$missing" ] || fail "the servers need libraries that this machine lacks: $(echo $missing). \
Install the Debian packages that hold them (apt-cache search, or apt-file search), then run this script again."

rm -rf "$folder/root"
mv root "$folder/root"
printf '%s' "$packages" >"$folder/packages"
echo "fetch.sh: the servers are in $folder"
