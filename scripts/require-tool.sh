#!/bin/sh
# require-tool.sh TOOL PAGE: fails with the page that says how to install the tool, unless it is installed.
command -v "$1" >/dev/null 2>&1 || {
  echo "This needs $1, which is not here. How to install it: $2" >&2
  exit 1
}
