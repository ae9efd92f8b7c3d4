#!/usr/bin/env bash
# Keys and values of Moorage beside etcd, both up at the same time, by turns of seconds from one client process: medians of the turns,
# and the ratios of rate and of median latency to etcd's.
#
#   WARMUP=240 MOORAGE_JVM_OPTIONS=-XX:TieredStopAtLevel=4 bench/kv-turns.sh
#                                                    puts of 100 B by 1, 64 and 256 clients, long-running servers
#   OPERATIONS=PUT,GET,CAS SIZE=4KiB CLIENTS=64 TURNS=5 bench/kv-turns.sh
#   BEFORE=../moorage-before bench/kv-turns.sh       another checkout, built, takes its turns as well
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=bench/servers.sh
. "$home/bench/servers.sh"

targets=()
start_moorage() { # NAME CHECKOUT PORT_BASE; its data is under $work
  MOORAGE_DATA=$work/$1 "$2/moorage" up --port-base "$3" --volume bench 2>/dev/null
  local endpoints="" running="" i
  for i in 0 1 2; do
    endpoints+="127.0.0.1:$(($3 + 10 + i)),"
    running+="$(cut -d' ' -f1 "$work/$1/run/local-node-$i.pid"),"
  done
  targets+=(--target "$1=moorage@${endpoints%,}@${running%,}")
}
finish_turns() {
  [ -z "${BEFORE:-}" ] || MOORAGE_DATA=$work/before "$BEFORE/moorage" down --delete-data >/dev/null 2>&1 || true
  finish
}
trap finish_turns EXIT

[ -z "${BEFORE:-}" ] || start_moorage before "$BEFORE" 25000
start_moorage moorage "$home" 22000
start_etcd
targets+=(--target "etcd=etcd@127.0.0.1:23380,127.0.0.1:23381,127.0.0.1:23382@$(IFS=,; echo "${pids[*]}")")
java -Xmx768m -XX:+UseSerialGC -cp "$lib" io.moorage.bench.kv.KvTurns --clients "${CLIENTS:-1,64,256}" --size "${SIZE:-100}" \
  --operation "${OPERATIONS:-PUT}" --turns "${TURNS:-9}" --milliseconds "${MILLISECONDS:-2500}" --warmup "${WARMUP:-60}" "${targets[@]}"
