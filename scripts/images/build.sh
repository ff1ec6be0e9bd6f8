#!/bin/sh
# Builds the image of every service as mercato/SERVICE:dev, which is how the manifests and compose.yaml call them, and
# loads them into the cluster of the current context where that is one of kind or minikube.
set -eu

services=$(sed -n 's#.*image: mercato/\(.*\):dev$#\1#p' kubernetes-manifests/base/*.yaml)
images=''
for service in $services; do
  echo "Building mercato/$service:dev ..."
  DOCKER_BUILDKIT=1 docker build --quiet --build-arg "SERVICE=$service" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
    --tag "mercato/$service:dev" . >/dev/null
  images="$images mercato/$service:dev"
done

case $(kubectl config current-context 2>/dev/null || true) in
  kind-*)
    cluster=$(kubectl config current-context)
    echo "Loading them into kind's cluster ${cluster#kind-} ..."
    kind load docker-image --name "${cluster#kind-}" $images
    ;;
  minikube)
    echo 'Loading them into minikube ...'
    minikube image load $images
    ;;
esac
