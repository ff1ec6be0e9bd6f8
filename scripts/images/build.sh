#!/bin/sh
# Builds the image of every service as mercato/SERVICE:dev, the name in the manifests and compose.yaml, and
# loads them into the current cluster when that is a kind or minikube cluster.
set -eu

context=$(kubectl config current-context 2>/dev/null || true)

# A minikube profile is a cluster; its context has the same name, by default `minikube`.
is_minikube() {
  [ "$context" != minikube ] || return 0
  [ -n "$context" ] && command -v minikube >/dev/null 2>&1 || return 1
  minikube profile list -o json 2>/dev/null | tr -d ' \n' | grep -qF "\"Name\":\"$context\""
}

# Check before the build, which takes minutes.
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
