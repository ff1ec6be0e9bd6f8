#!/bin/sh
# Installs what the tests need beside Node: redis-server, chromium, prometheus and openssl. Does nothing when they are there.
set -eu

has_chromium() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1; }

daemons=''
command -v redis-server >/dev/null 2>&1 || daemons="$daemons redis-server"
command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 || daemons="$daemons prometheus"
missing=$daemons
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
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
  # The tests start their own: nothing that is installed here is to run as a daemon, now or after the next boot.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
  fi
  if DEBIAN_FRONTEND=noninteractive $as_root apt-get update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing $fonts >>"$log" 2>&1; then
    rm -f "$log"
    [ -z "$daemons" ] || [ ! -d /run/systemd/system ] || $as_root systemctl --quiet disable $daemons
    exit 0
  fi
  cat "$log" >&2
fi
cat >&2 <<MESSAGE
The whole test run needs:$missing. They could not be installed here.
  Debian, Ubuntu: sudo apt-get install$missing
  Fedora:         sudo dnf install redis chromium golang-github-prometheus openssl
  macOS:          brew install redis prometheus && brew install --cask chromium   (or set CHROMIUM to a Chrome's path)
The fast part needs nothing but Node: npm test
MESSAGE
exit 1
