#!/usr/bin/env bash
# Tries the table of good and bad resources (crds/src/test/resources/specs) on the Kubernetes API server of $KUBECONFIG,
# where the definitions of charts/moorage/crds must be applied: the rules in CEL are evaluated nowhere else.
# What is about a change is made for real, with the pause annotation, in a namespace that is deleted afterwards; the rest is a
# dry run.
set -euo pipefail
specs=$(cd "$(dirname "$0")/.." && pwd)/crds/src/test/resources/specs
examples=$(cd "$(dirname "$0")" && pwd)/examples
namespace=moorage-specs-$$
work=$(mktemp -d)
cleanup() {
  kubectl delete namespace "$namespace" --wait=false >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
kubectl create namespace "$namespace" >/dev/null
k() { kubectl --namespace "$namespace" "$@"; }
field() { sed -n "s/^# $1: //p" "$2"; }
wrong=0 right=0
fail() {
  wrong=$((wrong + 1))
  printf 'WRONG %s: %s\n' "$1" "$2"
}

for file in "$specs"/good/*.yaml "$examples"/*.yaml; do
  if said=$(k create --dry-run=server --validate=strict -f "$file" 2>&1); then right=$((right + 1)); else fail "$file" "was refused: $said"; fi
done
for file in "$specs"/bad/*.yaml; do
  by=$(field 'refused by' "$file") path=$(field field "$file") message=$(field message "$file")
  if [ "$by" = update ]; then
    rm -f "$work"/*
    awk -v d="$work" 'BEGIN { n = 0 } /^---$/ { n++; next } { print >(d "/" n ".yaml") }' "$file"
    if ! said=$(k create -f "$work/0.yaml" 2>&1); then fail "$file" "cannot be made: $said"; continue; fi
    if said=$(k replace --dry-run=server -f "$work/1.yaml" 2>&1); then refused=no; else refused=yes; fi
    k delete -f "$work/0.yaml" --wait=false >/dev/null
  elif said=$(k create --dry-run=server -f "$file" 2>&1); then refused=no; else refused=yes; fi
  if [ $refused = no ]; then fail "$file" "was accepted"
  elif [[ $said != *"$path"* ]]; then fail "$file" "does not name the field $path: $said"
  elif [[ $said != *"$message"* ]]; then fail "$file" "does not say '$message': $said"
  else right=$((right + 1)); fi
done
printf '%s as expected, %s not\n' "$right" "$wrong"
[ "$wrong" = 0 ]
