#!/usr/bin/env bash
# The tour, which is also a test: a cluster of three storage nodes on this machine stores two real trees (the JDK's own lib
# directory and this repository's .git), loses the leader of the volume to `kill -9` in the middle of it, and gives everything
# back, compared byte by byte.
#
#   docs/tour.sh                     uses ports from 21000 and a temporary directory
#   TOUR_PORTS=31000 docs/tour.sh    other ports
#   TOUR_KEEP=1 docs/tour.sh         leaves the cluster running
set -euo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
export MOORAGE_DATA="$work/cluster"
moorage() { "$home/moorage" "$@"; }
say() { printf '\n== %s\n' "$*"; }

finish() {
  code=$?
  if [ "$code" -ne 0 ]; then
    echo "the tour failed; the ends of the logs:" >&2
    tail -n 20 "$MOORAGE_DATA"/run/*.log >&2 || true
  fi
  if [ -z "${TOUR_KEEP:-}" ]; then
    moorage down --delete-data >/dev/null 2>&1 || true
    rm -rf "$work"
  fi
  exit "$code"
}
trap finish EXIT

# Paths and digests of all regular files, to compare two trees with.
manifest() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum); }

leader() { moorage status | sed -n 's/^tour .*\(node-[0-9]*\) leader.*/\1/p'; }

java_home=${TOUR_JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")}
trees=("$java_home/lib" "$home/.git")

say "three storage nodes and an API server"
moorage up --port-base "${TOUR_PORTS:-21000}"
moorage volume create tour

# A copy, so that nothing changes under us.
mkdir "$work/source"
for tree in "${trees[@]}"; do
  [ -d "$tree" ] && cp -RL "$tree" "$work/source/$(basename "$tree")" 2>/dev/null || true
done
manifest "$work/source" >"$work/before"
say "storing $(wc -l <"$work/before") files, $(du -sh "$work/source" | cut -f1)"

started=$SECONDS
moorage put -r "$work/source" tour:tree --timeout 120 &
put=$!

# In the middle of it: some files are stored, and not all.
while kill -0 "$put" 2>/dev/null && [ "$(moorage ls -R tour:tree/ 2>/dev/null | wc -l)" -lt 20 ]; do :; done
victim=$(leader)
say "kill -9 of $victim, which leads the volume's group"
kill -0 "$put" 2>/dev/null || { echo "the upload was over before the kill: store more" >&2; exit 1; }
moorage node stop "$victim" --signal KILL
wait "$put"
say "all is stored after $((SECONDS - started)) s; the leader is $(leader) now"

say "fetching everything back with $victim still down"
started=$SECONDS
moorage get -r tour:tree/ "$work/back"
manifest "$work/back" >"$work/after"
cmp "$work/before" "$work/after"
say "every byte is the same; it took $((SECONDS - started)) s"

say "$victim comes back and catches up"
moorage node start "$victim"
for _ in $(seq 150); do
  state=$(moorage status | sed -n 's/^tour  *\([A-Za-z]*\).*/\1/p')
  [ "$state" = Ready ] && break
  sleep 0.4
done
moorage status
[ "$state" = Ready ] || { echo "the volume did not become Ready again" >&2; exit 1; }
say "done"
