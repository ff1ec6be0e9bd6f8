#!/bin/sh
# Installs the tools of the test run that apt has: redis-server, PostgreSQL, Chromium, prometheus, openssl and strace. Does
# nothing when they are installed.
set -eu

has_chromium() {
  [ -n "${CHROMIUM:-}" ] && return
  for name in chromium-headless-shell chrome-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && return
  done
  return 1
}

daemons=''
command -v redis-server >/dev/null 2>&1 || daemons="$daemons redis-server"
# Debian installs the programs of the server outside of the PATH.
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || daemons="$daemons postgresql"
command -v prometheus >/dev/null 2>&1 && command -v promtool >/dev/null 2>&1 || daemons="$daemons prometheus"
missing=$daemons
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
[ "$(uname)" != Linux ] || command -v strace >/dev/null 2>&1 || missing="$missing strace"
packages=$missing
has_chromium || missing="$missing chromium"
[ -n "$missing" ] || exit 0

# In the tests, Debian's headless shell needs less than half of the CPU time of its chromium. Other systems do not have
# it. Chromium renders no text without a font.
browser_packages() {
  has_chromium && return
  if apt-cache show chromium-headless-shell >/dev/null 2>&1; then echo chromium-headless-shell; else echo chromium; fi
  echo fonts-dejavu-core
}

as_root=''
[ "$(id -u)" = 0 ] || as_root='sudo -n'
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
  echo "Installing$missing ..."
  log=$(mktemp)
  # The tests start their own processes: no package may start a daemon, now or at the next boot.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
  fi
  if DEBIAN_FRONTEND=noninteractive $as_root apt-get update -qq >"$log" 2>&1 &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages $(browser_packages) >>"$log" 2>&1; then
    rm -f "$log"
    [ -z "$daemons" ] || [ ! -d /run/systemd/system ] || $as_root systemctl --quiet disable $daemons
    exit 0
  fi
  cat "$log" >&2
fi
cat >&2 <<MESSAGE
The whole test run needs:$missing. They could not be installed here.
  Debian, Ubuntu: sudo apt-get install$missing
  Fedora:         sudo dnf install redis postgresql-server chromium golang-github-prometheus openssl strace
  macOS:          brew install redis postgresql prometheus && brew install --cask chromium   (or set CHROMIUM to a Chrome's path)
The fast part needs nothing but Node: npm test
MESSAGE
exit 1
