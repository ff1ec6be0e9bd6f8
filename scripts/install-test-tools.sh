#!/bin/sh
# Installs what the tests need beside Node: redis-server and chromium. Does nothing when they are there.
set -eu

has_chromium() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

missing=''
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
has_chromium || missing="$missing chromium"
[ -n "$missing" ] || exit 0
# Without any font a page has no text to look at.
fonts=""
has_chromium || fonts="fonts-dejavu-core"

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo -n'
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
  echo "Installing$missing ..."
  log=$(mktemp)
  if DEBIAN_FRONTEND=noninteractive $as_root apt-get update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing $fonts >>"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  cat "$log" >&2
fi
cat >&2 <<MESSAGE
The whole test run needs:$missing. They could not be installed here.
  Debian, Ubuntu: sudo apt-get install$missing
  Fedora:         sudo dnf install redis chromium
  macOS:          brew install redis && brew install --cask chromium   (or set CHROMIUM to a Chrome's path)
The fast part needs nothing but Node: npm test
MESSAGE
exit 1
