# For the other scripts, which set home: a directory for all that runs (work), which goes with everything in pids when the script ends; the
# classes of the load generators (lib); and etcd.

work=$(mktemp -d)
pids=()
# Ends what is in pids; what is still there after ten seconds (the filer of SeaweedFS is, now and then) is killed.
stop() {
  [ ${#pids[@]} -gt 0 ] || return 0
  kill "${pids[@]}" 2>/dev/null || true
  for _ in $(seq 50); do kill -0 "${pids[@]}" 2>/dev/null || break; sleep 0.2; done
  kill -KILL "${pids[@]}" 2>/dev/null || true
  wait "${pids[@]}" 2>/dev/null || true
  pids=()
}
finish() {
  MOORAGE_DATA=$work/moorage "$home/moorage" down --delete-data >/dev/null 2>&1 || true
  stop
  rm -rf "$work"
}
trap finish EXIT

[ -d "$home/bench/target/classes" ] || (cd "$home" && ./mvnw -q -DskipTests package)
lib="$home/bench/target/classes:$home/cli/target/moorage/lib/*"

# Three members on this machine, at 127.0.0.1:23380 and the next two ports. Their history is compacted every minute: without that,
# runs of values of 4 KiB end when 8 GB are full, and they are slower the more of it there is.
start_etcd() { # under $work; their processes go to pids, and to watched as the load generators want them
  local cluster="" i
  for i in 0 1 2; do cluster+="e$i=http://127.0.0.1:2348$i,"; done
  watched=()
  for i in 0 1 2; do
    etcd --name e$i --data-dir "$work/etcd$i" --listen-peer-urls http://127.0.0.1:2348$i \
      --initial-advertise-peer-urls http://127.0.0.1:2348$i --listen-client-urls http://127.0.0.1:2338$i \
      --advertise-client-urls http://127.0.0.1:2338$i --initial-cluster "${cluster%,}" --quota-backend-bytes 8000000000 \
      --auto-compaction-mode periodic --auto-compaction-retention 1m \
      >"$work/etcd$i.log" 2>&1 &
    pids+=($!); watched+=(--process "etcd$i=$!")
  done
  until curl -sf http://127.0.0.1:23380/health >/dev/null; do sleep 0.2; done
}
