#!/usr/bin/env bash
# The pure core over many random command sequences: against plain models, and over replicas that are restarted.
#
#   bench/core-soak.sh                        100,000 sequences
#   COUNT=5000 FIRST=77 bench/core-soak.sh    others
set -euo pipefail
cd "$(dirname "$0")/.."
exec ./mvnw -q -pl storage-node -am test -Dtest=CoreSoak -Dsurefire.failIfNoSpecifiedTests=false \
  -Dsoak.first="${FIRST:-1}" -Dsoak.count="${COUNT:-100000}" ${MAVEN_OPTIONS:-}
