#!/bin/sh
# Installs var/tools/kustomize: a recent kustomize of this machine, the one inside its kubectl, or else one built with Go.
# Does nothing when it is installed.
set -eu

version=v5.7.1
tool=var/tools/kustomize
[ ! -x "$tool" ] || exit 0
mkdir -p var/tools

# v5.5 is the oldest version that the manifests were rendered with.
is_recent() { printf '%s\n' "$1" | grep -Eq 'v(5\.([5-9]|[1-9][0-9])|[6-9]|[1-9][0-9])\.'; }

if is_recent "$(kustomize version 2>/dev/null)"; then
  ln -sf "$(command -v kustomize)" "$tool"
elif is_recent "$(kubectl version --client 2>/dev/null | grep -i kustomize)"; then
  printf '#!/bin/sh\n# kustomize build FOLDER, by kubectl.\nshift\nexec "%s" kustomize "$@"\n' "$(command -v kubectl)" >"$tool.new"
  chmod 755 "$tool.new"
  mv "$tool.new" "$tool"
elif command -v go >/dev/null 2>&1; then
  echo "Installing kustomize $version ..."
  log=$(mktemp)
  if ! GOFLAGS= GOBIN="$PWD/var/tools" go install "sigs.k8s.io/kustomize/kustomize/v5@$version" >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
  rm -f "$log"
else
  cat >&2 <<MESSAGE
The whole test run needs kustomize v5.5 or later, kubectl v1.32 or later, or Go to build kustomize. None is installed.
  macOS: brew install kustomize
MESSAGE
  exit 1
fi
