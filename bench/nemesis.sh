#!/usr/bin/env bash
# Breaks clusters of real processes by seeds while clients work, and judges what these saw: see docs/reliability.md.
#
#   bench/nemesis.sh                                     20 rounds of 45 s of faults, each with a new cluster of four nodes
#   SEED=7 ROUNDS=1 bench/nemesis.sh                     one seed (again)
#   FAULTS=kill,pause,isolate ROUNDS=100 bench/nemesis.sh    only these faults
set -euo pipefail
cd "$(dirname "$0")/.."
exec ./mvnw -q -pl cli -am test -Dtest=NemesisTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dnemesis.seed="${SEED:-1}" -Dnemesis.rounds="${ROUNDS:-20}" -Dnemesis.seconds="${SECONDS_EACH:-45}" \
  -Dnemesis.nodes="${NODES:-4}" -Dnemesis.faults="${FAULTS:-}" ${MAVEN_OPTIONS:-}
