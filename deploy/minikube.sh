#!/usr/bin/env bash
# Moorage on this machine's minikube, from this checkout: starts minikube if it does not run, builds the image, loads it, installs
# the chart, applies a small StorageCluster with a Volume, waits until both are Ready, and prints where they are.
#
#   deploy/minikube.sh             again after a change: the cluster is updated node by node
#   deploy/minikube.sh --delete    takes everything away again, the data as well; minikube goes on running
#
# Needs minikube, kubectl, helm and a JDK. MINIKUBE_CPUS and MINIKUBE_MEMORY (default 4 and 6g) count when it is started.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
system=moorage-system namespace=moorage
say() { printf '\n== %s\n' "$*"; }
for program in minikube kubectl helm; do
  command -v "$program" >/dev/null || { echo "$program is not on the PATH; install it first" >&2; exit 1; }
done
k() { minikube kubectl -- "$@"; }

if [ "${1:-}" = --delete ]; then
  k delete volumes,storageclusters --all --namespace "$namespace" --ignore-not-found --timeout 3m
  helm --kube-context minikube uninstall moorage --namespace "$system" --ignore-not-found --wait
  k delete namespace "$namespace" "$system" --ignore-not-found
  k delete --kustomize "$home/charts/moorage/crds" --ignore-not-found
  exit
elif [ $# -gt 0 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0"
  exit 64
fi

minikube status >/dev/null 2>&1 || {
  say "starting minikube"
  minikube start --cpus "${MINIKUBE_CPUS:-4}" --memory "${MINIKUBE_MEMORY:-6g}"
}
# A tag of its own for each build, so that Kubernetes sees a change.
tag=dev-$(date -u +%Y%m%d%H%M%S)
architecture=$(k get nodes --output 'jsonpath={.items[0].status.nodeInfo.architecture}')
say "building moorage:$tag for $architecture"
(cd "$home" && ./mvnw -q -Pimage -DskipTests -pl image -am package -Dimage.goal=buildTar \
  -Djib.from.platforms="linux/$architecture" -Djib.to.image="moorage:$tag")
minikube image load "$home/image/target/moorage-image.tar"

say "installing the operator"
helm --kube-context minikube upgrade --install moorage "$home/charts/moorage" --namespace "$system" --create-namespace \
  --values "$home/charts/moorage/values-minikube.yaml" --set "image.tag=$tag" --wait --timeout 5m >/dev/null
helm --kube-context minikube test moorage --namespace "$system" --logs

say "a storage cluster of three nodes, and a volume"
k apply --server-side --filename "$home/deploy/kustomize/overlays/development/cluster.yaml"
k wait --namespace "$namespace" storagecluster/main volume/photos --for condition=Ready --timeout 10m
k get --namespace "$namespace" storageclusters,volumes

say "ready"
cat <<TEXT
  minikube kubectl -- port-forward --namespace $namespace service/main-api 8000
  curl -T README.md http://127.0.0.1:8000/storage/volumes/photos/files/README.md
  curl http://127.0.0.1:8000/storage/volumes/photos/files/README.md

Inside of Kubernetes: $(k get --namespace "$namespace" storagecluster/main --output 'jsonpath={.status.api.endpoint}')
What happens:         minikube kubectl -- get events --namespace $namespace --watch
TEXT
