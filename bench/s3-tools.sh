#!/usr/bin/env bash
# One file of 1 GiB in parts, in and out, by the tools that people use: awscli and rclone, as far as they are installed.
#
#   bench/s3-tools.sh
#   MIB=4096 bench/s3-tools.sh
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
. "$home/bench/servers.sh"
mib=${MIB:-1024}
# Where Debian's is there, it is the one that is meant: another one may be a stub of some tool for versions.
aws=aws
[ -x /usr/bin/aws ] && aws=/usr/bin/aws

export MOORAGE_DATA=$work/moorage AWS_DEFAULT_REGION=us-east-1
# There is no TLS here, and rclone does not take one that is meant for other endpoints.
unset AWS_CA_BUNDLE
"$home/moorage" up --port-base 22000 2>/dev/null
eval "$("$home/moorage" user create tools 2>/dev/null | sed 's/^/export /')"
endpoint=http://127.0.0.1:22070
head -c "${mib}M" /dev/urandom >"$work/in"
told() { # what seconds
  echo "$1: $mib MiB in $2 s, $((mib * 1048576 / 1000000 / ($2 > 0 ? $2 : 1))) MB/s"
}

if $aws --version >/dev/null 2>&1; then
  $aws --endpoint-url $endpoint s3 mb s3://tools >/dev/null
  SECONDS=0
  $aws --endpoint-url $endpoint s3 cp --only-show-errors "$work/in" s3://tools/aws
  told "awscli, in" $SECONDS
  SECONDS=0
  $aws --endpoint-url $endpoint s3 cp --only-show-errors s3://tools/aws "$work/out"
  told "awscli, out" $SECONDS
  cmp "$work/in" "$work/out" && rm "$work/out"
fi
if command -v rclone >/dev/null; then
  export RCLONE_CONFIG_M_TYPE=s3 RCLONE_CONFIG_M_PROVIDER=Other RCLONE_CONFIG_M_ENV_AUTH=true
  export RCLONE_CONFIG_M_ENDPOINT=$endpoint RCLONE_CONFIG=$work/rclone.conf
  touch "$RCLONE_CONFIG"
  rclone mkdir m:tools-rclone
  mkdir "$work/tree" && ln "$work/in" "$work/tree/file"
  SECONDS=0
  rclone copy "$work/tree" m:tools-rclone
  told "rclone, in" $SECONDS
  SECONDS=0
  rclone check --download "$work/tree" m:tools-rclone
  told "rclone, compared" $SECONDS
fi
