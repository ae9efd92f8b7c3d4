package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Position;
import io.moorage.client.kv.Watch;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writers, and somebody who follows the changes and starts anew again and again, while something bad happens: each change is seen
 * once, in order, with its value.
 */
final class FollowedWrites {
    private static final int WRITERS = 4;
    private static final int WRITES = 120;
    private static final CallOptions CALL = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));

    /** What happens when some changes were seen. */
    interface Disturbance {
        void happen() throws Exception;
    }

    private final Kv kv;
    private final ConcurrentSkipListMap<Long, String> written = new ConcurrentSkipListMap<>();
    private final AtomicInteger uncertain = new AtomicInteger();

    private FollowedWrites(Kv kv) {
        this.kv = kv;
    }

    static void check(Kv kv, Disturbance disturbance) throws Exception {
        new FollowedWrites(kv).run(disturbance);
    }

    private void run(Disturbance disturbance) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.add(pool.submit(() -> write(writer)));
            }
            List<Change> seen = new ArrayList<>();
            Watch watch = kv.watch(ChangeQuery.after(Position.START).withPrefix("k/"));
            Future<?> disturbed = null;
            while (!writers.stream().allMatch(Future::isDone) || disturbed != null && !disturbed.isDone()) {
                seen.addAll(next(watch));
                if (disturbed == null && seen.size() > 100) {
                    disturbed = pool.submit(() -> {
                        disturbance.happen();
                        return null;
                    });
                }
                // Another process goes on where this one was.
                watch = kv.watch(
                        ChangeQuery.after(watch.position().orElseThrow()).withPrefix("k/"));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            assertThat(disturbed)
                    .as("the writers were done before anything happened")
                    .isNotNull();
            disturbed.get();
            long last = written.lastKey();
            while (watch.position().orElseThrow().version() < last) {
                seen.addAll(next(watch));
            }
            compare(seen);
            // From the beginning the same is told again, by whichever replica.
            List<Change> again = new ArrayList<>();
            Watch second = kv.watch(ChangeQuery.fromOldest().withPrefix("k/"));
            do {
                again.addAll(next(second));
            } while (second.position().isEmpty() || second.position().get().version() < last);
            assertThat(again).isEqualTo(seen);
        } finally {
            pool.shutdownNow();
        }
    }

    private void write(int writer) {
        for (int i = 0; i < WRITES; i++) {
            String value = writer + ":" + i;
            try {
                long version = kv.put(
                                "k/" + i % 7, ByteString.copyFromUtf8(value), new KvPutOptions("", 0, false), CALL)
                        .getEntry()
                        .getEntry()
                        .getVersion();
                assertThat(written.put(version, value)).isNull();
            } catch (MoorageException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
                uncertain.incrementAndGet();
            }
        }
    }

    private void compare(List<Change> seen) {
        List<Long> versions = seen.stream().map(Change::getVersion).toList();
        assertThat(versions).isSorted().doesNotHaveDuplicates().containsAll(written.keySet());
        assertThat(versions.size() - written.size()).isBetween(0, uncertain.get());
        for (Change change : seen) {
            String value = written.get(change.getVersion());
            assertThat(change.getHasValue()).isTrue();
            assertThat(value == null || change.getValue().toStringUtf8().equals(value))
                    .isTrue();
        }
    }

    private static List<Change> next(Watch watch) {
        try {
            return watch.next(Duration.ofMillis(500));
        } catch (MoorageException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE);
            return List.of();
        }
    }
}
