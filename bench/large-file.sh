#!/usr/bin/env bash
# One large file in through the API server and out again, with a small heap; prints the rates and the peak memory of every
# process, and compares the digests. Needs three times the size on the disk, and gives it back.
#
#   bench/large-file.sh                                10 GiB, -Xmx512m
#   SIZE_MIB=1024 HEAP_MIB=128 bench/large-file.sh     smaller
#   PORT_BASE=23000 WORK=/mnt/big bench/large-file.sh  elsewhere
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${WORK:-${TMPDIR:-/tmp}}/moorage-large.XXXXXX")
size_mib=${SIZE_MIB:-10240}
port=${PORT_BASE:-22000}
export MOORAGE_DATA=$work/cluster
finish() {
  "$home/moorage" down --delete-data >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap finish EXIT

# The same bytes every time, which do not compress: a key stream.
bytes() {
  # `head` is done first; that openssl then has nowhere to write to is no failure.
  { openssl enc -aes-128-ctr -nosalt -K 000102030405060708090a0b0c0d0e0f -iv 00000000000000000000000000000000 \
    -in /dev/zero 2>/dev/null || true; } | head -c "$((size_mib << 20))"
}

"$home/moorage" up --port-base "$port" --heap "${HEAP_MIB:-512}"
"$home/moorage" volume create large
url=http://127.0.0.1:$port/storage/volumes/large/files/large.bin

expected=$(bytes | sha256sum | cut -d' ' -f1)
started=$(date +%s.%N)
bytes | curl -sS --fail-with-body -o /dev/null -T - -X PUT "$url"
stored=$(date +%s.%N)
actual=$(curl -sS --fail-with-body "$url" | sha256sum | cut -d' ' -f1)
fetched=$(date +%s.%N)

awk -v mib="$size_mib" -v a="$started" -v b="$stored" -v c="$fetched" \
  'BEGIN { printf "%d MiB: in %.0f s (%.0f MiB/s), out %.0f s (%.0f MiB/s)\n", mib, b - a, mib / (b - a), c - b, mib / (c - b) }'
for file in "$MOORAGE_DATA"/run/*.pid; do
  awk -v name="$(basename "$file" .pid)" '/^VmHWM/ { printf "  %-8s peak %5d MiB\n", name, $2 / 1024 }' \
    "/proc/$(cut -d' ' -f1 "$file")/status"
done
if [ "$expected" != "$actual" ]; then
  echo "the file came back as $actual; it was stored as $expected" >&2
  exit 1
fi
echo "  every byte is the same"
