#!/usr/bin/env bash
# Installs the named Debian packages where they are missing: .ci/debian-packages.sh wrk postgresql …
#
# Servers among them (databases, brokers) are installed as programs, never started as services: a package's own
# service would listen with its default settings, often on every address. Tests start the program themselves.
set -euo pipefail

if [ $# -eq 0 ]; then
  echo "usage: $0 <package>..." >&2
  exit 2
fi

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=()
for package in "$@"; do
  is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "$0: needs apt-get; install by hand: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "$0: needs root to install: ${missing[*]}" >&2
    exit 1
  fi
  exec sudo -- "$0" "${missing[@]}"
fi

# One installation at a time, so that two of them never save and restore the policy file around each other.
exec 9>/var/lock/encore-host-debian-packages.lock
flock 9

policy=/usr/sbin/policy-rc.d
saved=

restore_policy() {
  rm -f "$policy"
  if [ -n "$saved" ]; then
    mv "$saved" "$policy"
  fi
}

# invoke-rc.d asks this program before it starts a service; 101 means "forbidden".
forbids_services() {
  local answer=0
  [ -x "$policy" ] || return 1
  "$policy" any-service start >/dev/null 2>&1 || answer=$?
  [ "$answer" -eq 101 ]
}

if ! forbids_services; then
  if [ -e "$policy" ]; then
    saved="$policy.saved-by-encore-host"
    mv "$policy" "$saved"
  fi
  trap restore_policy EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

apt() {
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -q -y "$@"
}

echo "installing Debian packages: ${missing[*]}"
# The lists may be absent (container images) or older than the mirror: refresh them when the first try fails.
apt install --no-install-recommends "${missing[@]}" || {
  apt update
  apt install --no-install-recommends "${missing[@]}"
}
