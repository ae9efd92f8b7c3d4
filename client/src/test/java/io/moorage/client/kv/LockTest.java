package io.moorage.client.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeFeed;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import io.moorage.protocol.v1.Lease;
import io.moorage.protocol.v1.LeaseResult;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How often those who wait for a lock ask. */
class LockTest {
    private static final int WAITING = 8;

    private final LeaseKeeper keeper = new LeaseKeeper();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Keys keys = new Keys();

    @AfterEach
    void stop() {
        executor.shutdownNow();
        keeper.close();
    }

    @Test
    @Timeout(60)
    void onlyTheNextOneWakesWhenALockIsGivenBack() throws Exception {
        Lock lock = new Lock(keys.kv(), keeper, "lock", Duration.ofSeconds(60));
        Lock.Held first = lock.tryLock(Duration.ZERO).orElseThrow();
        List<Long> tokens = new CopyOnWriteArrayList<>();
        List<Future<?>> waiting = new ArrayList<>();
        for (int i = 0; i < WAITING; i++) {
            int before = keys.size();
            waiting.add(executor.submit(() -> {
                try (Lock.Held held = lock.tryLock(Duration.ofSeconds(30)).orElseThrow()) {
                    tokens.add(held.token());
                }
            }));
            keys.awaitSize(before + 1);
            keys.awaitWatchers(i + 1);
        }
        int ranges = keys.ranges.get();
        int watches = keys.watches.get();
        // Others in the same volume wake nobody.
        keys.put("other", 0);
        assertThat(keys.ranges).hasValue(ranges);
        assertThat(keys.watches).hasValue(watches);
        first.close();
        for (Future<?> each : waiting) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(tokens).hasSize(WAITING).isSorted().allMatch(token -> token > first.token());
        // Each looks once when it is woken: everybody is woken once.
        assertThat(keys.ranges.get() - ranges).isEqualTo(WAITING);
        assertThat(keys.watches).hasValue(watches);
    }

    /** Keys under leases, and their changes, in memory. */
    private static final class Keys {
        private final Map<String, KeyValue> values = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();
        private final AtomicInteger ranges = new AtomicInteger();
        private final AtomicInteger watches = new AtomicInteger();
        private long version = 4096;
        private long leases;
        private int watching;

        Kv kv() {
            return (Kv) Proxy.newProxyInstance(
                    Kv.class.getClassLoader(),
                    new Class<?>[] {Kv.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "grantLease" ->
                            Lease.newBuilder().setId(nextLease()).build();
                        case "keepAlive" ->
                            Lease.newBuilder().setId((long) arguments[0]).build();
                        case "revoke" -> revoke((long) arguments[0]);
                        case "put" -> put((String) arguments[0], ((KvPutOptions) arguments[2]).leaseId());
                        case "range" -> range((String) arguments[0]);
                        case "watch" -> new Watch((Kv) proxy, (ChangeQuery) arguments[0]);
                        case "changes" -> changes((ChangeQuery) arguments[0], (Duration) arguments[1]);
                        default -> throw new UnsupportedOperationException(method.toString());
                    });
        }

        private synchronized long nextLease() {
            return ++leases;
        }

        synchronized KvResult put(String key, long lease) {
            version += 4096;
            KeyValue value = KeyValue.newBuilder()
                    .setEntry(Entry.newBuilder().setKey(key).setVersion(version))
                    .setValue(ByteString.EMPTY)
                    .build();
            values.put(key, value);
            change(key);
            return KvResult.newBuilder().setEntry(value).build();
        }

        private synchronized LeaseResult revoke(long lease) {
            String suffix = "/" + Long.toHexString(lease);
            values.keySet().removeIf(key -> key.endsWith(suffix));
            version += 4096;
            change("lock" + suffix);
            return LeaseResult.getDefaultInstance();
        }

        private void change(String key) {
            changes.add(Change.newBuilder().setKey(key).setVersion(version).build());
            notifyAll();
        }

        private synchronized KvPage range(String prefix) {
            ranges.incrementAndGet();
            return new KvPage(
                    values.values().stream()
                            .filter(value -> value.getEntry().getKey().startsWith(prefix))
                            .toList(),
                    false);
        }

        private synchronized ChangeSet changes(ChangeQuery query, Duration wait) throws InterruptedException {
            watches.incrementAndGet();
            watching++;
            notifyAll();
            long until = System.nanoTime() + wait.toNanos();
            try {
                while (true) {
                    List<Change> found = changes.stream()
                            .filter(change -> change.getVersion()
                                            > query.after().orElseThrow().version()
                                    && change.getKey().startsWith(query.prefix()))
                            .toList();
                    long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                    if (!found.isEmpty() || left <= 0) {
                        return new ChangeSet(found, Position.after(version), false, ChangeFeed.getDefaultInstance());
                    }
                    wait(left);
                }
            } finally {
                watching--;
            }
        }

        synchronized int size() {
            return values.size();
        }

        synchronized void awaitSize(int size) throws InterruptedException {
            while (values.size() < size) {
                wait(10_000);
            }
        }

        synchronized void awaitWatchers(int count) throws InterruptedException {
            while (watching < count) {
                wait(10_000);
            }
        }
    }
}
