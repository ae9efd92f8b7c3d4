#!/bin/sh
# Runs in a pod beside the cluster: writes, and remembers what was acknowledged; reads, and compares. POSIX sh, curl, sha256sum.
#   client.sh put VOLUME DIRECTORY PREFIX LEDGER     every file of the directory
#   client.sh load VOLUME PREFIX LEDGER STOP         small files, until the file STOP is there
#   client.sh rewrite VOLUME LEDGER COUNT NEW        new contents for the first COUNT keys; NEW is the ledger afterwards
#   client.sh verify VOLUME LEDGER [VERSION]         every key of the ledger, as of a version if one is given
# A ledger has a line for each acknowledged key: its SHA-256, then the key. Keys need no percent-encoding.
set -u
url=${API:?}/storage/volumes
patience=${PATIENCE:-60}

# PUT of a file, again until it is acknowledged. Prints nothing; 1 when patience is at its end.
put() { # volume key file
  deadline=$(($(date +%s) + patience)) tries=0
  while :; do
    status=$(curl -s -o /tmp/answer -w '%{http_code}' --connect-timeout 3 --max-time "$patience" -T "$3" "$url/$1/files/$2")
    case $status in 20?) return 0 ;; 4??) [ "$status" != 408 ] && break ;; 507) break ;; esac
    tries=$((tries + 1)) retries=$((retries + 1))
    [ "$(date +%s)" -ge "$deadline" ] && break
    sleep 0.3
  done
  echo "PUT $2: status $status after $tries retries: $(cat /tmp/answer 2>/dev/null)" >&2
  return 1
}
digest() { sha256sum "$1" | cut -d' ' -f1; }

failures=0 retries=0 count=0 longest=0
case $1 in
  put)
    volume=$2 directory=$3 prefix=$4 ledger=$5
    find "$directory" -type f | sort >/tmp/files
    while read -r file; do
      key=$prefix${file#"$directory"/}
      if put "$volume" "$key" "$file"; then
        echo "$(digest "$file") $key" >>"$ledger"
        count=$((count + 1))
      else
        failures=$((failures + 1))
      fi
    done </tmp/files
    echo "$count files stored, $retries retries, $failures failures"
    ;;
  load)
    volume=$2 prefix=$3 ledger=$4 stop=$5
    while [ ! -e "$stop" ]; do
      key=$prefix$count
      head -c 8192 /dev/urandom >/tmp/load
      started=$(date +%s)
      if put "$volume" "$key" /tmp/load; then
        echo "$(digest /tmp/load) $key" >>"$ledger"
        count=$((count + 1))
      else
        failures=$((failures + 1))
      fi
      took=$(($(date +%s) - started))
      [ "$took" -gt "$longest" ] && longest=$took
    done
    echo "$count files stored, $retries retries, $failures failures, the longest wait ${longest} s"
    ;;
  rewrite)
    volume=$2 ledger=$3 limit=$4 new=$5
    while read -r sum key; do
      if [ "$count" -lt "$limit" ]; then
        head -c 5000 /dev/urandom >/tmp/rewrite
        if put "$volume" "$key" /tmp/rewrite; then sum=$(digest /tmp/rewrite); else failures=$((failures + 1)); fi
        count=$((count + 1))
      fi
      echo "$sum $key"
    done <"$ledger" >"$new"
    echo "$count files overwritten, $retries retries, $failures failures"
    ;;
  verify)
    volume=$2 ledger=$3 query=${4:+?asOf=$4}
    while read -r sum key; do
      deadline=$(($(date +%s) + patience))
      while :; do
        status=$(curl -s -o /tmp/read -w '%{http_code}' --connect-timeout 3 --max-time "$patience" "$url/$volume/files/$key$query")
        case $status in 200 | 404 | 410) break ;; esac
        retries=$((retries + 1))
        [ "$(date +%s)" -ge "$deadline" ] && break
        sleep 0.3
      done
      if [ "$status" != 200 ]; then
        echo "GET $key$query: status $status" >&2
        failures=$((failures + 1))
      elif [ "$(digest /tmp/read)" != "$sum" ]; then
        echo "GET $key$query: other bytes than were stored" >&2
        failures=$((failures + 1))
      fi
      count=$((count + 1))
    done <"$ledger"
    echo "$count files compared, $retries retries, $failures failures"
    [ "$count" -gt 0 ] || failures=1
    ;;
  *) exit 64 ;;
esac
[ "$failures" = 0 ]
