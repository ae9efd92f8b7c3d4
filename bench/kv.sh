#!/usr/bin/env bash
# Keys and values of Moorage beside etcd, in one run on this machine: three fsynced copies each, gRPC from the same client, put,
# linearizable and eventual get, compare-and-swap, transactions.
#
#   bench/kv.sh                                      both, if etcd is installed (Debian's etcd-server)
#   CLIENTS=1,64 SIZES=100 OPERATIONS=PUT,GET bench/kv.sh
#                                                    less of it
#   WARMUP=120 MOORAGE_JVM_OPTIONS=-XX:TieredStopAtLevel=4 bench/kv.sh
#                                                    long-running servers: with the optimizing compiler, after it has done its work
#                                                    (etcd is compiled already: PEER_WARMUP=5 seconds)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
targets=${TARGETS:-moorage etcd}
# shellcheck source=bench/servers.sh
. "$home/bench/servers.sh"

load() {
  java -Xmx768m -XX:+UseSerialGC -cp "$lib" io.moorage.bench.kv.KvLoad --clients "${CLIENTS:-1,16,64,256}" \
    --size "${SIZES:-100,4KiB}" --operation "${OPERATIONS:-PUT,GET,GET_EVENTUAL,CAS,TXN}" --seconds "${SECONDS_EACH:-5}" "$@" || true
}

if [[ $targets == *moorage* ]]; then
  export MOORAGE_DATA=$work/moorage
  "$home/moorage" up --port-base 22000 --volume bench 2>/dev/null
  watched=()
  for file in "$work"/moorage/run/*node*.pid; do watched+=(--process "$(basename "$file" .pid)=$(cut -d' ' -f1 "$file")"); done
  load --target moorage --endpoint 127.0.0.1:22010,127.0.0.1:22011,127.0.0.1:22012 --warmup "${WARMUP:-20}" "${watched[@]}"
  "$home/moorage" down --delete-data 2>/dev/null
fi

if [[ $targets == *etcd* ]] && command -v etcd >/dev/null; then
  start_etcd
  load --target etcd --endpoint 127.0.0.1:23380,127.0.0.1:23381,127.0.0.1:23382 --warmup "${PEER_WARMUP:-5}" "${watched[@]}"
fi
