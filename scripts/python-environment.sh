#!/bin/sh
# python-environment.sh FOLDER PACKAGE==VERSION ...: creates a virtual environment with these packages, or reports why it cannot.
set -eu

home=$1
shift
python=''
for candidate in python3 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 9))'; then
    python=$candidate
    break
  fi
done
if [ -z "$python" ]; then
  echo "The whole test run needs Python 3.9 or later, which is not installed (Debian, Ubuntu: sudo apt-get install python3-venv)" >&2
  exit 1
fi

mkdir -p "$(dirname "$home")"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# In Debian the venv module is a separate package.
make_environment() { rm -rf "$home" && "$python" -m venv "$home" >"$log" 2>&1; }
install_part() {
  as_root=''
  [ "$(id -u)" = 0 ] || as_root='sudo -n'
  command -v apt-get >/dev/null 2>&1 &&
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends python3-venv >>"$log" 2>&1
}
if { make_environment || { install_part && make_environment; }; } &&
  "$home/bin/pip" install --quiet --disable-pip-version-check "$@" >>"$log" 2>&1; then
  exit 0
fi
cat "$log" >&2
rm -rf "$home"
exit 1
