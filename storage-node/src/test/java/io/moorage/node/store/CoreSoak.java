package io.moorage.node.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The properties of the store over as many random command sequences as there is time for, by hand: {@code bench/core-soak.sh}.
 * Every seed is another sequence: against a model, and another one over replicas that are restarted from what they had flushed, at
 * points that the seed chooses, and hold the same bytes in the end.
 */
final class CoreSoak {
    private static final Duration EVERY = Duration.ofSeconds(30);

    private interface Check {
        void check(long seed) throws Exception;
    }

    @Test
    void allSeedsAgree() throws Exception {
        long first = Long.getLong("soak.first", 1);
        long count = Long.getLong("soak.count", 1000);
        GroupStoreProperties files = new GroupStoreProperties();
        KvStoreProperties keys = new KvStoreProperties();
        VersioningProperties versions = new VersioningProperties();
        Check[] models = {
            files::doesWhatTheModelDoes, keys::doesWhatTheModelDoes, versions::doesWhatTheModelDoes,
        };
        Check[] replicas = {
            files::replicasAndRestartsAgree, keys::replicasAndRestartsAgree, versions::replicasAndRestartsAgree,
        };
        long start = System.nanoTime();
        long said = start;
        for (long i = 0; i < count; i++) {
            long seed = first + i;
            int kind = (int) (seed % models.length);
            models[kind].check(seed);
            replicas[kind].check(seed);
            if (System.nanoTime() - said > EVERY.toNanos()) {
                said = System.nanoTime();
                report(i + 1, start);
            }
        }
        report(count, start);
    }

    private static void report(long sequences, long start) {
        System.out.printf(
                "%d sequences, each against its model and over replicas with a restart, in %d s; no difference%n",
                sequences, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    }
}
