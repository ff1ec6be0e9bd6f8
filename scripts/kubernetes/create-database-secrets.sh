#!/bin/sh
# Creates, in the current cluster, a Secret for each service with a database: SERVICE-database with a random `password` and
# the `url` of the database. Existing Secrets stay as they are. NAMESPACE is `mercato` unless it is set.
set -eu

# generated: databases, by make generate from src/topology.ts
services='checkoutservice emailservice paymentservice shippingservice'
# /generated: databases
namespace=${NAMESPACE:-mercato}

# skaffold sets the context that it deploys to.
in_cluster() {
  kubectl ${SKAFFOLD_KUBE_CONTEXT:+--context "$SKAFFOLD_KUBE_CONTEXT"} "$@"
}

if [ -z "$(in_cluster get namespace "$namespace" --ignore-not-found --output=name)" ]; then
  if [ "$namespace" = mercato ]; then
    in_cluster apply --filename="$(dirname "$0")/../../kubernetes-manifests/base/namespace.yaml"
  else
    in_cluster create namespace "$namespace"
  fi
fi
for service in $services; do
  secret=$service-database
  [ -z "$(in_cluster get secret "$secret" --namespace="$namespace" --ignore-not-found --output=name)" ] || continue
  password=$(od -An -v -N24 -tx1 /dev/urandom | tr -d ' \n')
  in_cluster create --namespace="$namespace" --filename=- <<SECRET
apiVersion: v1
kind: Secret
metadata:
  name: $secret
  labels:
    app.kubernetes.io/name: $service
    app.kubernetes.io/part-of: mercato
stringData:
  password: $password
  url: postgres://$service:$password@postgres:5432/$service
SECRET
done
