#!/bin/sh
# Ends with what to install and where its page is, unless a tool is there: require-tool.sh TOOL PAGE
command -v "$1" >/dev/null 2>&1 || {
  echo "This needs $1, which is not here. How to install it: $2" >&2
  exit 1
}
