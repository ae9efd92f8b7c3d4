#!/usr/bin/env bash
# How long a node takes to be back with many small files in a volume: from the start of its process until it serves, and until
# its replicas are ready; after TERM, after KILL, and all nodes at once. On a busy machine, look at the processor time.
#
#   bench/restart.sh                   a million files
#   COUNT=300000 bench/restart.sh      fewer
#   COUNT=10000000 AT_ONCE=128 CLIENTS=16 bench/restart.sh
#                                      keys, 128 by one transaction; and the memory that nodes need
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${WORK:-${TMPDIR:-/tmp}}/moorage-restart.XXXXXX")
port=${PORT_BASE:-22000}
export MOORAGE_DATA=$work/cluster
finish() {
  "$home/moorage" down --delete-data >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", b - a }'; }

"$home/moorage" up --port-base "$port"
"$home/moorage" volume create many
url=http://127.0.0.1:$port/storage
java -Xmx512m -XX:+UseSerialGC -cp "$home/bench/target/classes:$home/cli/target/moorage/lib/*" io.moorage.bench.ManyFiles \
  --nodes "127.0.0.1:$((port + 10)),127.0.0.1:$((port + 11)),127.0.0.1:$((port + 12))" --volume many --count "${COUNT:-1000000}" \
  --at-once "${AT_ONCE:-1}" --clients "${CLIENTS:-256}"
du -sh "$MOORAGE_DATA"/data/default/* | sed 's/^/  /'

# The most that each node had, heap and all.
memory() {
  local node
  for node in 0 1 2; do
    awk -v node=$node '/VmHWM/ { printf "  node-%d had %.0f MiB at its peak\n", node, $2 / 1024 }' \
      "/proc/$(cut -d' ' -f1 "$MOORAGE_DATA/run/local-node-$node.pid")/status"
  done
}
memory

# Its log says when it serves; the process table when it began.
serving() {
  local log=$MOORAGE_DATA/run/local-$1.log pid served
  pid=$(cut -d' ' -f1 "$MOORAGE_DATA/run/local-$1.pid")
  until [ "$(grep -c 'serves on port' "$log")" -gt "$2" ]; do sleep 0.05; done
  served=$(grep 'serves on port' "$log" | tail -n 1 | cut -d' ' -f1)
  since "$(awk -v hz="$(getconf CLK_TCK)" -v boot="$(awk '/^btime/ { print $2 }' /proc/stat)" \
    '{ sub(/.*\) /, ""); printf "%.2f", boot + $20 / hz }' "/proc/$pid/stat")" "$(date -d "$served" +%s.%N)"
}

# Processor time of a process so far.
cpu() {
  awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); printf "%.1f", ($12 + $13) / hz }' \
    "/proc/$(cut -d' ' -f1 "$MOORAGE_DATA/run/local-$1.pid")/stat"
}

ready() { until curl -sf "$url/volumes/many" | grep -q '"phase" *: *"Ready"'; do sleep 0.1; done; }

ready
for signal in TERM KILL; do
  before=$(grep -c 'serves on port' "$MOORAGE_DATA/run/local-node-1.log")
  "$home/moorage" node stop node-1 --signal "$signal" >/dev/null
  started=$(now)
  "$home/moorage" node start node-1 >/dev/null
  seconds=$(serving node-1 "$before")
  echo "node-1 after $signal: serves after $seconds s, of which processor $(cpu node-1) s; load $(cut -d' ' -f1 /proc/loadavg)"
  ready
  echo "  ready $(since "$started" "$(now)") s after the command to start it"
done
for node in node-0 node-1 node-2; do "$home/moorage" node stop $node --signal KILL >/dev/null; done
started=$(now)
"$home/moorage" up >/dev/null 2>&1 &
until curl -sf "$url/volumes/many/files/d00000/000000" >/dev/null; do sleep 0.1; done
echo "all nodes killed and started: the first read after $(since "$started" "$(now)") s"
ready
echo "  ready after $(since "$started" "$(now)") s"
memory
wait
