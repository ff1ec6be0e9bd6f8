#!/bin/sh
# Runs a command with a Docker engine: the running one, or else one that this script starts and stops.
#   with-docker.sh [--report] COMMAND ...
# DOCKER tells the command which client to use. OWN_ENGINE is set when this script started the engine: a folder to work
# in, for an engine that can pull no images and has none.
# Where no engine runs and none can be started, or where the engine is in a virtual machine or another network, the script
# says so in one line and exits with 1; with --report it exits with 3.
set -eu

absent=1
if [ "${1:-}" = --report ]; then
  absent=3
  shift
fi

cannot() {
  echo "Images are not checked: $1." >&2
  exit "$absent"
}

cannot_start() { cannot "no Docker engine runs here, and none can be started ($1)"; }

if docker info >/dev/null 2>&1; then
  # Containers reach Redis and the mail server on this machine through the gateway of their network.
  kind=$(docker info --format '{{.OperatingSystem}} {{.SecurityOptions}}')
  case $(uname -s)/$kind in
    *'Docker Desktop'* | *rootless*) ;;
    Linux/*) DOCKER=docker exec "$@" ;;
  esac
  cannot "the engine is not on this machine's own network"
fi

[ "$(uname -s)" = Linux ] || cannot_start 'start Docker first'
[ "$(id -u)" = 0 ] || cannot_start 'not root'
missing=''
[ -x /usr/bin/docker ] && command -v dockerd >/dev/null 2>&1 || missing="$missing docker.io"
state=$(mktemp -d)
if [ -n "$missing" ]; then
  command -v apt-get >/dev/null 2>&1 || cannot_start "missing:$missing"
  echo "Installing$missing ..."
  # RUNLEVEL=1 keeps the package from starting a daemon.
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $missing; } \
    >"$state/apt.log" 2>&1 || { tail -3 "$state/apt.log" >&2; rm -rf "$state"; cannot_start "cannot install:$missing"; }
fi

# Use memory when there is enough: an empty engine mostly writes.
if [ "$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo)" -ge 8 ]; then mount -t tmpfs -o size=6g mercato-engine "$state"; fi
mkdir "$state/work"

dockerd --bridge=none --iptables=false --ip-forward=false -H "unix://$state/socket" --data-root "$state/data" \
  --exec-root "$state/exec" --pidfile "$state/pid" >"$state/log" 2>&1 &
engine=$!
end() {
  kill "$engine" 2>/dev/null || true
  wait "$engine" 2>/dev/null || true
  # Unmount what containers had mounted before the folder is deleted.
  awk -v state="$state/" 'index($2, state) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount "$mount" 2>/dev/null || true; done
  umount "$state" 2>/dev/null || true
  rm -rf --one-file-system "$state"
}
trap end EXIT
trap 'exit 130' INT TERM

export DOCKER_HOST="unix://$state/socket"
tries=0
until /usr/bin/docker info >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 100 ] || ! kill -0 "$engine" 2>/dev/null; then
    cannot_start "$(grep -E 'failed|error' "$state/log" | tail -1 | cut -c 1-200)"
  fi
  sleep 0.2
done

DOCKER=/usr/bin/docker DOCKER_BUILDKIT=1 OWN_ENGINE="$state/work" "$@"
