#!/usr/bin/env bash
# The whole story on a real Kubernetes, every step asserted and timed: install, a cluster of three, a volume, a real tree stored
# while leaders die, disks lost, scaled to five and back, updated under load, snapshots, disks grown, the operator killed in the
# middle of each, volumes deleted both ways, upgraded, uninstalled. What was acknowledged is compared byte for byte.
#
#   E2E_IMAGE=docker.io/library/moorage:dev deploy/e2e.sh
#
# KUBECONFIG names the Kubernetes. Needs kubectl and helm here, and there: a default StorageClass and room for six small pods.
#   E2E_IMAGE          image of the operator and the clusters (required); one that the machines have, or can pull
#   E2E_NEXT_IMAGE     image that the rolling update goes to; left out, only configuration and resources change
#   E2E_PULL_POLICY    IfNotPresent
#   E2E_CLIENT_IMAGE   curlimages/curl:8.16.0; one with sh, curl, tar and sha256sum
#   E2E_TREE           directory that is stored; this checkout's docs, charts and sources
#   E2E_BULK_MIB       192; random bytes stored beside the tree (1024 for the number that docs/performance.md names)
#   E2E_VOLUMES        50; how many volumes are made at once (500 for the number)
#   E2E_DEFINITIONS    true: the definitions of the custom resources, which all namespaces share, become those of this checkout;
#                      false: those that are there are used
#   E2E_PATIENCE       300; seconds that a change of the cluster may take
#   E2E_KEEP           1: leave everything for looking at
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
: "${E2E_IMAGE:?names the image, such as docker.io/library/moorage:dev}"
pull=${E2E_PULL_POLICY:-IfNotPresent} client_image=${E2E_CLIENT_IMAGE:-docker.io/curlimages/curl:8.16.0}
patience=${E2E_PATIENCE:-300}
id=e2e-$(date +%H%M%S) system=$id-system namespace=$id release=moorage
work=$(mktemp -d)
repository=${E2E_IMAGE%:*} tag=${E2E_IMAGE##*:}

# --- telling ------------------------------------------------------------------------------------------------------------------
title="" began=$SECONDS times=()
finish_step() { [ -z "$title" ] || { times+=("$(printf '%5d s  %s' $((SECONDS - began)) "$title")"); printf '   done in %d s\n' $((SECONDS - began)); }; }
step() { finish_step; title=$1 began=$SECONDS; printf '\n== %s\n' "$title"; }
say() { printf '   %s\n' "$*"; }
numbers=()
number() { numbers+=("$*"); say "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

k() { kubectl --namespace "$namespace" "$@"; }
get() { k get "$1" --output "jsonpath=$2"; }
condition() { get "$1" "{.status.conditions[?(@.type=='$2')].status}"; }

look() { # what somebody would want to see who has only this output
  echo; echo "the step that failed: $title"
  k get storageclusters,volumes,snapshots,pods,persistentvolumeclaims --output wide
  k get storageclusters,volumes,snapshots --output 'jsonpath={range .items[*]}{.kind}/{.metadata.name}{"\n"}{range .status.conditions[*]}  {.type}={.status} {.reason}: {.message}{"\n"}{end}{end}'
  k get events --sort-by .lastTimestamp | tail -n 40
  kubectl --namespace "$system" logs --selector app.kubernetes.io/component=operator --tail 40 --prefix
  k get pods --output name | grep -v client | while read -r pod; do echo "--- $pod"; k logs "$pod" --tail 15; done
}
finish() {
  code=$?
  trap - EXIT
  set +e
  [ "$code" = 0 ] || look >&2
  # shellcheck disable=SC2046
  kill $(jobs -p) 2>/dev/null
  if [ -z "${E2E_KEEP:-}" ]; then
    # With the operator still there, so that finalizers end.
    k delete snapshots,storageusers,volumes,storageclusters --all --timeout 60s >/dev/null 2>&1
    helm uninstall "$release" --namespace "$system" >/dev/null 2>&1
    for kind in snapshots storageusers backups volumes storageclusters; do
      k get "$kind" --output name 2>/dev/null | while read -r left; do k patch "$left" --type merge --patch '{"metadata":{"finalizers":null}}'; done
    done >/dev/null 2>&1
    kubectl delete namespace "$namespace" "$system" --wait=false >/dev/null 2>&1
  fi
  rm -rf "$work"
  [ "$code" = 0 ] && echo "everything as it should be"
  exit "$code"
}
trap finish EXIT

# --- waiting and asserting ----------------------------------------------------------------------------------------------------
wait_for() { # SECONDS WHAT COMMAND...
  local limit=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >"$work/wait" 2>&1; do
    [ $SECONDS -lt $limit ] || die "not within the time: $what; the last answer: $(tail -n 3 "$work/wait")"
    sleep 1
  done
}
is() { # ACTUAL EXPECTED
  [ "$1" = "$2" ] || { echo "'$1' and not '$2'"; return 1; }
}
equal() { is "$2" "$3" >"$work/equal" || die "$1: $(cat "$work/equal")"; }
holds() { is "$(condition "$1" "$2")" True; }

settled() { # NODES: all of them there, all replicas with everything, nothing under way
  is "$(get storagecluster/main '{.status.observedGeneration}')" "$(get storagecluster/main '{.metadata.generation}')" &&
    is "$(get storagecluster/main '{.status.readyNodes}')" "$1" &&
    is "$(get storagecluster/main '{.status.nodes[*].name}' | wc -w)" "$1" &&
    holds storagecluster/main Ready &&
    is "$(condition storagecluster/main Progressing)" False &&
    is "$(get storagecluster/main '{range .status.groups[*]}{.replicas}{"="}{.readyReplicas}{"\n"}{end}' | awk -F= '$1 != $2' | wc -l)" 0 &&
    is "$(get storagecluster/main '{range .status.groups[*]}{.id}{"="}{.leader}{"\n"}{end}' | grep -c '=$')" 0
}
volume_complete() { # NAME REPLICAS
  holds "volume/$1" Ready && is "$(get "volume/$1" '{.status.readyReplicas}')" "$2" && [ -n "$(get "volume/$1" '{.status.leader}')" ]
}
leaders_even() { # as many leaders on each node, but for one
  get storagecluster/main '{range .status.nodes[*]}{.leaders}{"\n"}{end}' |
    awk 'NR == 1 { min = max = $1 } { if ($1 < min) min = $1; if ($1 > max) max = $1 } END { print "leaders from " min + 0 " to " max + 0; exit NR == 0 || max - min > 1 }'
}
uids() { k get pods --selector app.kubernetes.io/component=storage-node --output 'jsonpath={range .items[*]}{.metadata.name}={.metadata.uid}{"\n"}{end}' | sort; }
restarts() { k get pods --selector app.kubernetes.io/component=storage-node --output 'jsonpath={.items[*].status.containerStatuses[*].restartCount}'; }

kill_operator() { # the one that leads, at once and without a farewell
  local holder
  holder=$(kubectl --namespace "$system" get lease "$release" --output 'jsonpath={.spec.holderIdentity}')
  [ -n "$holder" ] || die "no operator leads"
  say "killing the operator $holder in the middle of it"
  kubectl --namespace "$system" delete pod "$holder" --grace-period 0 --force >/dev/null 2>&1
}

leader_metrics() { # of the operator that leads, as Prometheus reads them
  kubectl get --raw "/api/v1/namespaces/$system/pods/$(kubectl --namespace "$system" get lease "$release" --output 'jsonpath={.spec.holderIdentity}'):9091/proxy/metrics"
}
reconciles() { # how many of StorageClusters there were, and how many seconds they took
  leader_metrics | awk '/^operator_sdk_controllers_execution_reconcile_seconds_(count|sum)/ && /storagecluster/ { if (/_count/) n += $NF; else s += $NF } END { print n + 0, s + 0 }'
}

# --- the client ---------------------------------------------------------------------------------------------------------------
client() { k exec client --container client -- sh /e2e/client.sh "$@"; }
in_client() { k exec client --container client -- sh -c "$1"; }
verify() { client verify photos /work/ledger || die "bytes are missing, or others than were stored"; }
acknowledged() { in_client "cat $1 2>/dev/null | wc -l"; }

cluster() { # the StorageCluster as it is applied first
  cat <<YAML
apiVersion: moorage.io/v1alpha1
kind: StorageCluster
metadata:
  name: main
spec:
  nodes: 3
  groups:
    - replicas: 3
      count: 4
  imagePullPolicy: $pull
  storage:
    size: 1Gi
    whenScaled: Delete
  selfHealing:
    replaceAfter: 2m
  resources:
    requests: {cpu: 20m, memory: 512Mi}
    limits: {memory: 768Mi}
  api:
    replicas: 2
    resources:
      requests: {cpu: 20m, memory: 256Mi}
      limits: {memory: 512Mi}
YAML
}
volume() { # NAME DELETION-POLICY
  printf 'apiVersion: moorage.io/v1alpha1\nkind: Volume\nmetadata:\n  name: %s\nspec:\n  clusterRef:\n    name: main\n  replicas: 3\n  deletionPolicy: %s\n---\n' "$1" "$2"
}
# The operator looks after the namespace of this test and no other: an operator for all namespaces would take over the clusters of
# those who use this Kubernetes as well.
install() { # further arguments of helm
  helm upgrade --install "$release" "$home/charts/moorage" --namespace "$system" --create-namespace \
    --set "watchNamespaces={$namespace}" --set definitions.apply="${E2E_DEFINITIONS:-true}" \
    --set image.repository="$repository",image.tag="$tag",image.pullPolicy="$pull" \
    --set operator.logFormat=text,operator.resources.requests.cpu=20m,operator.resources.requests.memory=256Mi --wait --timeout "${patience}s" "$@" >/dev/null
}

# ------------------------------------------------------------------------------------------------------------------------------
step "the operator is installed, with two replicas and no more rights than it needs"
kubectl create namespace "$system" >/dev/null
kubectl create namespace "$namespace" >/dev/null
kubectl label namespace "$system" "$namespace" pod-security.kubernetes.io/enforce=restricted >/dev/null
install
helm test "$release" --namespace "$system" --logs --timeout 3m | grep -E '^(ok|FAILED)' | sed 's/^/   /'
equal "replicas of the operator that are ready" "$(kubectl --namespace "$system" get deployment "$release" --output 'jsonpath={.status.readyReplicas}')" 2
may() { kubectl --namespace "$namespace" auth can-i "$@" --as "system:serviceaccount:$system:$release" 2>/dev/null || true; }
equal "may the operator patch StatefulSets" "$(may patch statefulsets.apps)" yes
for denied in "* *" "create pods" "create pods/exec" "escalate roles" "bind roles" "impersonate users" "get namespaces" "patch nodes" \
  "patch customresourcedefinitions" "create clusterroles" "get secrets --namespace $system" "patch statefulsets.apps --namespace default"; do
  read -ra words <<<"$denied"
  equal "may the operator $denied" "$(may "${words[@]}")" no
done

step "bad resources are refused, by the name of the field"
"$home/deploy/check-specs.sh" | sed 's/^/   /'

step "a volume whose cluster is missing says so, and waits"
volume early Delete | k apply --filename - >/dev/null
early() { is "$(condition volume/early Ready)" False && [ -n "$(get volume/early "{.status.conditions[?(@.type=='Ready')].message}")" ]; }
wait_for 30 "the volume's condition says that there is no cluster" early
say "$(get volume/early "{.status.conditions[?(@.type=='Ready')].reason}: {.status.conditions[?(@.type=='Ready')].message}")"
event() { k get events --field-selector "involvedObject.kind=$1,involvedObject.name=$2,type=$3" --output name | grep -q .; }
wait_for 30 "an event about it" event Volume early Warning

step "a cluster of three becomes Ready, and the volume that waited for it"
cluster | k apply --filename - >/dev/null
wait_for "$patience" "the cluster is Ready" settled 3
equal "pods" "$(k get statefulset/main-node --output 'jsonpath={.status.readyReplicas}')" 3
equal "API servers" "$(k get deployment/main-api --output 'jsonpath={.spec.replicas}')" 2
k rollout status deployment/main-api --timeout 60s >/dev/null
for object in service/main-nodes service/main-api poddisruptionbudget/main-node poddisruptionbudget/main-api networkpolicy/main-node serviceaccount/main-api; do
  k get "$object" >/dev/null || die "$object is not there"
done
wait_for 60 "the volume that came first is Ready" volume_complete early 3
k delete volume early --wait --timeout 60s >/dev/null
number "a cluster of three is Ready after $((SECONDS - began)) s"

step "a volume with three replicas is Ready"
volume photos Retain | k apply --filename - >/dev/null
wait_for 60 "the volume is Ready" volume_complete photos 3
[ -n "$(get volume/photos '{.status.group}')" ] || die "the volume names no group"
say "leader $(get volume/photos '{.status.leader}'), $(get volume/photos '{.status.endpoints.rest}')"

step "a client in a pod of its own"
k create configmap client --from-file "$home/deploy/e2e/client.sh" >/dev/null
k apply --filename - >/dev/null <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: client
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: {type: RuntimeDefault}}
  enableServiceLinks: false
  automountServiceAccountToken: false
  terminationGracePeriodSeconds: 1
  containers:
    - name: client
      image: $client_image
      imagePullPolicy: $pull
      command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
      env:
        - {name: API, value: "http://main-api:8000"}
      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      volumeMounts:
        - {name: script, mountPath: /e2e}
        - {name: work, mountPath: /work}
  volumes:
    - {name: script, configMap: {name: client}}
    - {name: work, emptyDir: {}}
YAML
k wait pod/client --for condition=Ready --timeout "${patience}s" >/dev/null
if [ -n "${E2E_TREE:-}" ]; then tree=("$E2E_TREE" .); else tree=("$home" docs charts deploy crds/src client/src operator/src); fi
tar --create --directory "${tree[0]}" --exclude '*[^A-Za-z0-9._/-]*' "${tree[@]:1}" | k exec --stdin client -- sh -c 'mkdir /work/tree && tar -x -f - -C /work/tree --no-same-owner'
in_client "mkdir /work/bulk; i=0; while [ \$i -lt ${E2E_BULK_MIB:-192} ]; do head -c 33554432 /dev/urandom >/work/bulk/\$i; i=\$((i + 32)); done"
say "$(in_client 'find /work/tree -type f | wc -l') files in the tree"

step "a real tree is stored through the Service, and read back"
client put photos /work/tree tree/ /work/ledger
client put photos /work/bulk bulk/ /work/ledger
verify

step "reconciling what is unchanged writes nothing; drift is put back, labels of others stay"
written() { k get statefulset,deployment,service,configmap,poddisruptionbudget,networkpolicy,serviceaccount,role,rolebinding --selector moorage.io/cluster=main \
  --output 'jsonpath={range .items[*]}{.kind}/{.metadata.name} {.metadata.generation} {range .metadata.managedFields[?(@.manager=="moorage-operator")]}{.time}{end}{"\n"}{end}'; }
written >"$work/before"
[ -s "$work/before" ] || die "nothing is labelled moorage.io/cluster=main"
k annotate storagecluster/main example.org/touched="$(date +%s)" >/dev/null
k label service/main-api example.org/mine=yes >/dev/null
k scale deployment/main-api --replicas 1 >/dev/null
replicas() { is "$(get deployment/main-api '{.spec.replicas}')" 2; }
wait_for 30 "the number of API servers is put back" replicas
k patch service/main-api --type merge --patch '{"spec":{"ports":[{"name":"http","port":8001,"targetPort":8000}]}}' >/dev/null
port() { is "$(get service/main-api "{.spec.ports[?(@.name=='http')].port}")" 8000; }
wait_for 30 "the port of the Service is put back" port
equal "the label of somebody else" "$(get service/main-api '{.metadata.labels.example\.org/mine}')" yes
written | grep -v '/main-api ' >"$work/after"
grep -v '/main-api ' "$work/before" | diff - "$work/after" >&2 || die "the operator wrote what had not changed"
wait_for 60 "nothing is under way" settled 3
read -r rounds seconds <<<"$(reconciles)"
# One at a time, so that a round is not measured beside the kubectl that brings the next one about.
for i in $(seq 30); do k annotate pod/main-node-0 example.org/touched="$i" --overwrite >/dev/null; sleep 1; done
number "reconcile of an unchanged cluster: $(reconciles | awk -v n="$rounds" -v s="$seconds" '$1 > n { printf "%.0f ms, the mean of %d", 1000 * ($2 - s) / ($1 - n), $1 - n }')"

step "the leader's pod is killed while the tree is written again"
: >"$work/put"
client put photos /work/tree again/ /work/ledger.again >"$work/put" 2>&1 & put=$!
some() { [ "$(acknowledged /work/ledger.again)" -ge 20 ]; }
wait_for 60 "twenty files are stored" some
leader=$(get volume/photos '{.status.leader}')
kill -0 $put 2>/dev/null || die "the writing was over before the kill: store a larger tree"
say "killing $leader"
k delete pod "$leader" --grace-period 0 --force >/dev/null 2>&1
kill_operator
wait $put || die "writing failed: $(cat "$work/put")"
say "$(cat "$work/put")"
in_client 'cat /work/ledger.again >>/work/ledger'
wait_for "$patience" "the cluster is whole again" settled 3
wait_for 60 "the volume is whole again" volume_complete photos 3
verify

step "a pod and its disk are lost"
victim=$(get volume/photos '{.status.replicas[0].node}')
node_id() { get storagecluster/main "{.status.nodes[?(@.name=='$victim')].id}"; }
was=$(node_id) lost=$SECONDS
[ -n "$was" ] || die "the status does not say the id of $victim"
k delete persistentvolumeclaim "data-$victim" --wait=false >/dev/null
k delete pod "$victim" --grace-period 0 --force >/dev/null 2>&1
kill_operator
another() { local now; now=$(node_id); [ -n "$now" ] && [ "$now" != "$was" ]; }
wait_for "$patience" "$victim is a new node" another
wait_for "$patience" "the cluster is whole again" settled 3
wait_for "$patience" "the volume is whole again" volume_complete photos 3
equal "members of groups that are the former $victim" "$(get storagecluster/main '{.status.groups[*].members[*].nodeId}' | tr ' ' '\n' | grep -cx "$was" || true)" 0
number "full redundancy $((SECONDS - lost)) s after the loss of a disk with ${E2E_BULK_MIB:-192} MiB and the tree"
verify

step "from three nodes to five: replicas move, leaders spread"
k scale storagecluster/main --replicas 5 >/dev/null
pods() { [ "$(k get pods --selector app.kubernetes.io/component=storage-node --output name | wc -l)" -ge 4 ]; }
wait_for "$patience" "pods are made" pods
kill_operator
wait_for "$patience" "five nodes" settled 5
moved() { is "$(get storagecluster/main '{range .status.nodes[*]}{.name}={.replicas}{"\n"}{end}' | grep -c '=[1-9]')" 5; }
wait_for "$patience" "every node has replicas" moved
wait_for "$patience" "leaders are even" leaders_even
say "$(leaders_even)"
verify

step "a rolling update under load"
in_client 'rm -f /work/stop'
client load photos load/ /work/ledger.load /work/stop >"$work/load" 2>&1 & load=$!
uids >"$work/before"
patch='"config":{"raft.preserve-log-entries":"2048"},"api":{"resources":{"requests":{"cpu":"25m"}}}'
[ -z "${E2E_NEXT_IMAGE:-}" ] || patch="$patch,\"image\":\"$E2E_NEXT_IMAGE\""
k patch storagecluster/main --type merge --patch "{\"spec\":{$patch}}" >/dev/null
begun() { ! diff -q "$work/before" <(uids); }
wait_for "$patience" "the update begins" begun
kill_operator
updated() { settled 5 && is "$(get storagecluster/main '{.status.update}')" ''; }
all_new() { is "$(uids | comm -12 - "$work/before" | wc -l)" 0; }
wait_for $((3 * patience)) "all pods are new" all_new
wait_for "$patience" "all nodes are updated" updated
k rollout status deployment/main-api --timeout "${patience}s" >/dev/null
in_client 'touch /work/stop'
wait $load || die "requests failed beyond retries: $(cat "$work/load")"
number "rolling update of five nodes: $(tail -n 1 "$work/load")"
in_client 'cat /work/ledger.load >>/work/ledger'
[ -z "${E2E_NEXT_IMAGE:-}" ] || equal "the image of all nodes" "$(get storagecluster/main '{.status.image}')" "$E2E_NEXT_IMAGE"
wait_for "$patience" "leaders are even" leaders_even
verify

step "from five nodes to three, drained first; to one is refused"
k scale storagecluster/main --replicas 3 >/dev/null
draining() { get storagecluster/main '{.status.nodes[*].state}' | grep -qE 'Drain|Cordon' || [ "$(get storagecluster/main '{.status.nodes[*].name}' | wc -w)" -lt 5 ]; }
wait_for 60 "draining begins" draining
kill_operator
wait_for $((2 * patience)) "three nodes" settled 3
gone() { is "$(k get persistentvolumeclaims --output name | grep -c -- '-node-[34]$')" 0; }
wait_for 60 "the claims of drained nodes are deleted (whenScaled: Delete)" gone
verify
uids >"$work/before"
groups=$(get storagecluster/main '{.spec.groups}')
k patch storagecluster/main --type json --patch '[{"op":"remove","path":"/spec/groups"},{"op":"replace","path":"/spec/nodes","value":1}]' >/dev/null
refused() { get storagecluster/main '{range .status.conditions[*]}{.observedGeneration} {.type}={.status} {.reason}: {.message}{"\n"}{end}' |
  grep "^$(get storagecluster/main '{.metadata.generation}') " | grep -E 'Degraded=True|Progressing=False|Ready=False' | grep -iE 'replica|hold|node'; }
wait_for 60 "a condition says why one node is too few" refused
say "$(refused | head -n 1)"
uids | diff "$work/before" - >&2 || die "pods were removed although the rest cannot hold the data"
k patch storagecluster/main --type merge --patch "{\"spec\":{\"nodes\":3,\"groups\":$groups}}" >/dev/null
wait_for "$patience" "three nodes" settled 3

step "a snapshot is made, files are overwritten, the snapshot is read"
k apply --filename - >/dev/null <<YAML
apiVersion: moorage.io/v1alpha1
kind: Snapshot
metadata:
  name: before
spec:
  volumeRef:
    name: photos
YAML
kill_operator
usable() { is "$(get snapshot/before '{.status.readyToUse}')" true; }
wait_for 90 "the snapshot is ready to use" usable
pinned=$(get snapshot/before '{.status.version}')
[ -n "$(get snapshot/before '{.status.restoreSize}')" ] || die "the snapshot does not say its size"
in_client 'cp /work/ledger /work/ledger.snapshot'
client rewrite photos /work/ledger.snapshot 40 /work/ledger
verify
client verify photos /work/ledger.snapshot "$pinned" || die "the snapshot at version $pinned is not what the volume was"
if client verify photos /work/ledger.snapshot >/dev/null 2>&1; then die "nothing was overwritten"; fi
k delete snapshot before --wait --timeout 60s >/dev/null

step "disks grow"
uids >"$work/before"
class=$(get persistentvolumeclaim/data-main-node-0 '{.spec.storageClassName}')
k patch storagecluster/main --type merge --patch '{"spec":{"storage":{"size":"2Gi"}}}' >/dev/null
if [ "$(kubectl get storageclass "$class" --output 'jsonpath={.allowVolumeExpansion}')" = true ]; then
  kill_operator
  grown() { is "$(k get persistentvolumeclaims --output 'jsonpath={.items[*].spec.resources.requests.storage}')" "2Gi 2Gi 2Gi" &&
    is "$(get statefulset/main-node '{.spec.volumeClaimTemplates[0].spec.resources.requests.storage}')" 2Gi; }
  wait_for "$patience" "the claims ask for 2Gi, and the StatefulSet as well" grown
  uids | diff "$work/before" - >&2 || die "pods were replaced to grow their disks"
else
  wait_for 60 "a condition says that the class cannot grow" event StorageCluster main Warning
fi
verify

step "keys of a user come in a Secret, and are rotated"
k apply --filename - >/dev/null <<YAML
apiVersion: moorage.io/v1alpha1
kind: StorageUser
metadata:
  name: app
spec:
  clusterRef:
    name: main
  grants:
    - volume: photos
      access: ReadWrite
YAML
wait_for 60 "the user is Ready" holds storageuser/app Ready
key() { k get secret app --output 'go-template={{index .data "accessKeyId" | base64decode}}'; }
first=$(key)
equal "the access key in the status" "$(get storageuser/app '{.status.accessKeyId}')" "$first"
k annotate storageuser/app moorage.io/rotate=now >/dev/null
rotated() { [ "$(key)" != "$first" ]; }
wait_for 60 "another key is in the Secret" rotated
k delete storageuser app --wait --timeout 60s >/dev/null

step "${E2E_VOLUMES:-50} volumes at once"
made=$SECONDS
for i in $(seq "${E2E_VOLUMES:-50}"); do volume "many-$i" Delete; done | k create --filename - >/dev/null
k wait volumes --all --for condition=Ready --timeout "${patience}s" >/dev/null
number "${E2E_VOLUMES:-50} volumes are Ready after $((SECONDS - made)) s; the operator's heap: $(leader_metrics | awk '/^jvm_memory_used_bytes/ && /area="heap"/ { used += $NF } END { printf "%d MiB", used / 1048576 }')"
seq --format 'volume/many-%.0f' "${E2E_VOLUMES:-50}" | xargs kubectl --namespace "$namespace" delete --wait --timeout "${patience}s" >/dev/null

step "a volume that is deleted with Retain comes back with its data"
k delete volume photos --wait --timeout 60s >/dev/null
volume photos Retain | k apply --filename - >/dev/null
wait_for 60 "the volume is Ready again" volume_complete photos 3
verify

step "a volume that is deleted with Delete is gone, also on a node that was down"
volume scratch Delete | k apply --filename - >/dev/null
wait_for 60 "the volume is Ready" volume_complete scratch 3
client put scratch /work/bulk bulk/ /work/ledger.scratch
k delete pod main-node-1 --grace-period 0 --force >/dev/null 2>&1
k delete volume scratch --wait=false >/dev/null
kill_operator
k wait volume/scratch --for delete --timeout "${patience}s" >/dev/null
wait_for "$patience" "the cluster is whole again" settled 3
volume scratch Delete | k apply --filename - >/dev/null
wait_for 60 "another volume of that name is Ready" volume_complete scratch 3
listing=$(in_client 'curl -sS http://main-api:8000/storage/volumes/scratch/files?recursive=true')
[[ $listing == *'"items":[]'* ]] || die "the new volume is not empty: ${listing:0:300}"
k delete volume scratch --wait --timeout 60s >/dev/null

step "the chart is upgraded; storage goes on as if nothing were"
uids >"$work/before"; restarts >"$work/restarts"
install --set operator.logFormat=json
equal "the operator's log format" "$(kubectl --namespace "$system" get deployment "$release" --output "jsonpath={.spec.template.spec.containers[0].env[?(@.name=='LOG_FORMAT')].value}")" json
wait_for "$patience" "the cluster is as it was" settled 3
uids | diff "$work/before" - >&2 || die "storage nodes were replaced by an upgrade of the operator"
equal "restarts of storage nodes" "$(restarts)" "$(cat "$work/restarts")"
verify

step "the chart is uninstalled; data, resources and definitions stay, and files are served"
helm uninstall "$release" --namespace "$system" --wait >/dev/null
for definition in storageclusters volumes snapshots backups storageusers; do
  kubectl get customresourcedefinition "$definition.moorage.io" >/dev/null || die "the definition of $definition is gone"
done
uids | diff "$work/before" - >&2 || die "storage nodes went with the operator"
equal "claims" "$(k get persistentvolumeclaims --output name | wc -l)" 3
client put photos /work/tree alone/ /work/ledger
verify
install
wait_for "$patience" "the operator takes over again" settled 3
uids | diff "$work/before" - >&2 || die "storage nodes were replaced by an operator that came back"

step "deleting the cluster is held back while it has volumes"
k delete storagecluster main --wait=false >/dev/null
wait_for 30 "an event says why" event StorageCluster main Warning
uids | diff "$work/before" - >&2 || die "storage nodes were removed under a volume"
verify
k delete volume photos --wait --timeout 120s >/dev/null
k wait storagecluster/main --for delete --timeout "${patience}s" >/dev/null
none() { is "$(k get statefulsets,deployments --selector moorage.io/cluster=main --output name | wc -l)" 0; }
wait_for 60 "what it consisted of is removed" none
equal "claims, with whenDeleted: Retain" "$(k get persistentvolumeclaims --output name | wc -l)" 3

finish_step
printf '\n'; printf '%s\n' "${times[@]}" "" "${numbers[@]}"
