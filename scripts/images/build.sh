#!/bin/sh
# Builds the image of every service as mercato/SERVICE:dev, which is how the manifests and compose.yaml call them, and
# loads them into the cluster of the current context where that is one of kind or minikube.
set -eu

context=$(kubectl config current-context 2>/dev/null || true)

# What minikube calls a profile is a cluster, and the context has its name: `minikube`, unless another was chosen.
is_minikube() {
  [ "$context" != minikube ] || return 0
  [ -n "$context" ] && command -v minikube >/dev/null 2>&1 || return 1
  minikube profile list -o json 2>/dev/null | tr -d ' \n' | grep -qF "\"Name\":\"$context\""
}

# Before building, which takes minutes: nothing is to be missing afterwards.
cluster=''
case $context in
  kind-*)
    cluster=kind
    sh scripts/require-tool.sh kind https://kind.sigs.k8s.io
    ;;
  *)
    if is_minikube; then
      cluster=minikube
      sh scripts/require-tool.sh minikube https://minikube.sigs.k8s.io/docs/start/
    fi
    ;;
esac

services=$(sed -n 's#.*image: mercato/\(.*\):dev$#\1#p' kubernetes-manifests/base/*.yaml)
images=''
for service in $services; do
  echo "Building mercato/$service:dev ..."
  DOCKER_BUILDKIT=1 docker build --quiet --build-arg "SERVICE=$service" --build-arg "REVISION=$(git rev-parse HEAD 2>/dev/null || echo unknown)" \
    --tag "mercato/$service:dev" . >/dev/null
  images="$images mercato/$service:dev"
done

case $cluster in
  kind)
    echo "Loading them into kind's cluster ${context#kind-} ..."
    kind load docker-image --name "${context#kind-}" $images
    ;;
  minikube)
    echo "Loading them into minikube's cluster $context ..."
    minikube -p "$context" image load $images
    ;;
  *)
    if [ -n "$context" ]; then
      echo "Not loaded into a cluster: the context $context is neither of kind nor of minikube."
    else
      echo 'Not loaded into a cluster: there is no current context.'
    fi
    ;;
esac
