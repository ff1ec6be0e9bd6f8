#!/bin/sh
# get-pages.sh DEPLOYMENT URL [--times N] [--find TEXT] [--header 'NAME: VALUE']: requests a page from a pod of DEPLOYMENT, through
# the pod's proxy, and prints one line with the results. Images have Node but no shell: the program is sent to its standard input.
set -eu

deployment=$1
shift
exec kubectl exec -i "deployment/$deployment" -c "$deployment" -- /nodejs/bin/node - "$@" <"$(dirname "$0")/get-pages.js"
