#!/usr/bin/env bash
# What applying a put costs each replica (JMH): microseconds of the applying thread, for values of 100 B and 4 KiB, and for few and many
# keys.
#
#   bench/apply.sh                                   all of it, five minutes
#   bench/apply.sh -p valueBytes=100 -p keys=10000   options of JMH
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
cd "$home"
./mvnw -q -pl bench -am -DskipTests package dependency:build-classpath '-Dmdep.outputFile=${project.build.directory}/classpath'
exec java -cp "bench/target/classes:$(cat bench/target/classpath)" org.openjdk.jmh.Main \
  -jvmArgs "-Xmx768m -XX:+UseSerialGC" ApplyBenchmark "$@"
