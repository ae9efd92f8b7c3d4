#!/usr/bin/env bash
# Many large uploads at once through one API server with a small heap, and what it took at its peak.
#
#   bench/s3-uploads.sh                          200 uploads of 64 MiB through 512 MiB of heap
#   UPLOADS=50 SIZE=16MiB HEAP=128 bench/s3-uploads.sh
#
# One copy of each, so that it is not the disk that is tried out (REPLICAS=3: three).
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
. "$home/bench/servers.sh"
uploads=${UPLOADS:-200}

export MOORAGE_DATA=$work/moorage
"$home/moorage" up --port-base 22000 2>/dev/null
curl -sf -o /dev/null -X PATCH -H 'content-type: application/merge-patch+json' \
  -d '{"spec":{"groups":[{"replicas":3,"count":1},{"replicas":1,"count":1}]}}' \
  http://127.0.0.1:22002/apis/moorage.io/v1alpha1/namespaces/default/storageclusters/local
"$home/moorage" volume create uploads --replicas "${REPLICAS:-1}" 2>/dev/null || true # still being made
until "$home/moorage" volume show uploads | grep -q '^status *Ready'; do sleep 0.5; done
eval "$("$home/moorage" user create bench 2>/dev/null | sed 's/^/export /')"
cat >"$work/api.yaml" <<YAML
server: {host: 127.0.0.1, port: 22005}
metrics: {host: 127.0.0.1, port: 22006}
kubernetes: {cluster: local, namespace: default, server: 'http://127.0.0.1:22002'}
s3: {host: 127.0.0.1, port: 22007, default-volume: uploads}
YAML
java -Xmx"${HEAP:-512}"m -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -cp "$home/cli/target/moorage/lib/*" \
  io.moorage.api.ApiServerMain "$work/api.yaml" >"$work/api.log" 2>&1 &
api=$!
pids+=($api)
until curl -s -o /dev/null http://127.0.0.1:22007/; do sleep 0.2; done
java -Xmx768m -XX:+UseSerialGC -cp "$lib" io.moorage.bench.S3Load \
  --name moorage --url http://127.0.0.1:22007/uploads --operation fill --size "${SIZE:-64MiB}" --clients "$uploads" \
  --keys "$uploads" --process "api=$api" || true
kill -0 "$api" && echo "the API server lives; peak of its memory, heap and all: $(grep VmHWM /proc/$api/status)"
grep -c "OutOfMemory" "$work/api.log" || true
