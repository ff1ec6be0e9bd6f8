#!/bin/sh
# Installs var/tools/crds: the CustomResourceDefinitions of Istio (oldest and newest supported version), Gateway API and
# Knative Serving, from their Go modules. Does nothing when they are installed.
set -eu

istio_oldest=v1.29.5
istio_newest=v1.31.4
gateway_api=v1.4.0
knative=v0.51.0
name=crds-$istio_oldest-$istio_newest-$gateway_api-$knative
[ ! -e "var/tools/$name" ] || [ "$(readlink var/tools/crds)" != "$name" ] || exit 0

command -v go >/dev/null 2>&1 || {
  cat >&2 <<MESSAGE
The whole test run needs Go to fetch the definitions of Istio, Gateway API and Knative. Go is not installed.
  How to install it: https://go.dev/doc/install
MESSAGE
  exit 1
}
echo 'Fetching the definitions of Istio, Gateway API and Knative ...'
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT

# The folder of a module: module VERSION
module() {
  (cd "$work" && GOFLAGS= go mod download -json "$1@$2") >"$work/answer" || { cat "$work/answer" >&2; exit 1; }
  sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p' "$work/answer"
}
# Concatenates files of definitions: kept NAME FILE ...
kept() {
  into=$1
  shift
  for file in "$@"; do
    printf -- '---\n'
    cat "$file"
  done >"$work/crds/$into.yaml"
}

mkdir -p "$work/crds" var/tools
folder=$(module istio.io/api "$istio_oldest")
kept istio-oldest "$folder"/kubernetes/customresourcedefinitions.gen.yaml
folder=$(module istio.io/api "$istio_newest")
kept istio-newest "$folder"/kubernetes/customresourcedefinitions.gen.yaml
folder=$(module sigs.k8s.io/gateway-api "$gateway_api")
kept gateway-api "$folder"/config/crd/standard/gateway.networking.k8s.io_*.yaml
folder=$(module knative.dev/serving "$knative")
kept knative "$folder"/config/core/300-resources/*.yaml

rm -rf "var/tools/$name" var/tools/crds
cp -r "$work/crds" "var/tools/$name"
ln -s "$name" var/tools/crds
