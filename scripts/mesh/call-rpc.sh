#!/bin/sh
# call-rpc.sh DEPLOYMENT HOST:PORT SERVICE/RPC [--times N] [--at-once N] [--deadline-ms MS] [--metadata 'NAME: VALUE']: calls an RPC
# with an empty request from a pod of DEPLOYMENT, through the pod's proxy and with the pod's identity, and prints one line with the
# results. Images have Node but no shell: the program is sent to its standard input.
set -eu

deployment=$1
shift
exec kubectl exec -i "deployment/$deployment" -c "$deployment" -- /nodejs/bin/node - "$@" <"$(dirname "$0")/call-rpc.js"
