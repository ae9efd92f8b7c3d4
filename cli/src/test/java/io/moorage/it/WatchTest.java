package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.LeaseKeeper;
import io.moorage.client.kv.Lock;
import io.moorage.client.kv.Position;
import io.moorage.client.kv.Watch;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.Precondition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, leases, locks and changes on real groups. */
class WatchTest {
    private static final KvPutOptions PLAIN = new KvPutOptions("", 0, true);
    private static final CallOptions CALL = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));

    @TempDir
    static Path directory;

    private static InProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void watchHasNoGapsAndNoRepeatsWhileLeadersStop() throws Exception {
        Kv kv = kv("watched");
        FollowedWrites.check(kv, () -> {
            int leader = cluster.leader(kv.volume().group());
            cluster.stop(leader);
            cluster.start(leader);
        });
    }

    @Test
    void filesAndKeysAreTheSameEntriesAndTheSameChanges() throws Exception {
        Kv kv = kv("mixed");
        VolumeStore files = cluster.client().store(kv.volume());
        byte[] large = ClusterTest.data(300_000);
        ClusterTest.put(files, "d/large", large, CALL);
        kv.put("d/small", text("one"), PLAIN, CALL);
        assertThat(ClusterTest.get(files, "d/small", CALL)).isEqualTo("one".getBytes());
        assertThat(kv.get("d/large", CALL).orElseThrow().getValue().toByteArray())
                .isEqualTo(large);
        byte[] most = ClusterTest.data(1 << 20);
        kv.put("d/most", ByteString.copyFrom(most), PLAIN, CALL);
        assertThat(kv.get("d/most", CALL).orElseThrow().getValue().toByteArray())
                .isEqualTo(most);
        assertThatThrownBy(() -> kv.put("d/more", ByteString.copyFrom(new byte[(1 << 20) + 1]), PLAIN, CALL))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_TOO_LARGE));
        files.rename("d/", "e/", Precondition.getDefaultInstance(), Precondition.getDefaultInstance(), CALL);
        files.delete("e/large", Precondition.getDefaultInstance(), CALL);
        List<String> changes = new ArrayList<>();
        Watch watch = kv.watch(ChangeQuery.fromOldest());
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            watch.next(Duration.ofSeconds(1))
                    .forEach(c -> changes.add(c.getKind().name().substring(12) + " " + c.getKey() + " " + c.getSize()));
            return changes.stream().anyMatch(c -> c.startsWith("DELETED"));
        });
        assertThat(changes)
                .containsExactly(
                        "PUT d/large 300000",
                        "PUT d/small 3",
                        "PUT d/most 1048576",
                        "RENAMED_FROM d/large 0",
                        "RENAMED_TO e/large 300000",
                        "RENAMED_FROM d/most 0",
                        "RENAMED_TO e/most 1048576",
                        "RENAMED_FROM d/small 0",
                        "RENAMED_TO e/small 3",
                        "DELETED e/large 0");
    }

    @Test
    void leaseEndsWithItsKeysUnlessItIsKeptAlive() {
        Kv kv = kv("leased");
        try (LeaseKeeper keeper = new LeaseKeeper()) {
            LeaseKeeper.Kept kept = keeper.grant(kv, Duration.ofSeconds(2), CALL);
            long abandoned = kv.grantLease(Duration.ofSeconds(2), CALL).getId();
            kv.put("kept", text("1"), PLAIN.withLease(kept.id()), CALL);
            long granted = System.nanoTime();
            kv.put("gone/a", text("2"), PLAIN.withLease(abandoned), CALL);
            kv.put("gone/b", text("3"), PLAIN.withLease(abandoned), CALL);
            kv.put("freed", text("4"), PLAIN.withLease(abandoned), CALL);
            kv.put("freed", text("5"), PLAIN, CALL);
            assertThat(kv.lease(abandoned, CALL).orElseThrow().keys()).containsExactly("gone/a", "gone/b");
            Watch watch = kv.watch(ChangeQuery.after(
                    kv.watch(ChangeQuery.fromOldest()).position().orElse(Position.START)));
            List<Change> expired = new ArrayList<>();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                watch.next(Duration.ofSeconds(1)).stream()
                        .filter(c -> c.getKind() == ChangeKind.CHANGE_KIND_EXPIRED)
                        .forEach(expired::add);
                return !expired.isEmpty();
            });
            assertThat(Duration.ofNanos(System.nanoTime() - granted)).isGreaterThan(Duration.ofMillis(1500));
            assertThat(expired).extracting(Change::getKey).containsExactly("gone/a", "gone/b");
            assertThat(expired)
                    .extracting(Change::getVersion)
                    .containsOnly(expired.get(0).getVersion());
            assertThat(kv.get("gone/a", CALL)).isEmpty();
            assertThat(kv.get("freed", CALL).orElseThrow().getValue()).isEqualTo(text("5"));
            assertThatThrownBy(() -> kv.keepAlive(abandoned, CALL))
                    .isInstanceOfSatisfying(
                            MoorageException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_NOT_FOUND));
            assertThat(kept.isLive()).isTrue();
            assertThat(kv.get("kept", CALL)).isPresent();
            kept.close();
            assertThat(kv.get("kept", CALL)).isEmpty();
        }
    }

    @Test
    void lockHasOneHolderAtATimeAndItsTokensGrow() throws Exception {
        Kv kv = kv("locked");
        AtomicInteger inside = new AtomicInteger();
        ConcurrentSkipListMap<Long, Integer> tokens = new ConcurrentSkipListMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        kv.put("counter", text("0"), PLAIN, CALL);
        for (int i = 0; i < 4; i++) {
            int holder = i;
            pool.submit(() -> {
                for (int turn = 0; turn < 3; turn++) {
                    try (Lock.Held held = kv.lock("l", Duration.ofSeconds(10))
                            .tryLock(Duration.ofSeconds(60))
                            .orElseThrow()) {
                        assertThat(inside.incrementAndGet()).isEqualTo(1);
                        KeyValue now = kv.get("counter", CALL).orElseThrow();
                        int next = Integer.parseInt(now.getValue().toStringUtf8()) + 1;
                        kv.put("counter", text("" + next), PLAIN, CALL);
                        tokens.put(held.token(), next);
                        inside.decrementAndGet();
                    }
                }
                return holder;
            });
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(90, TimeUnit.SECONDS)).isTrue();
        assertThat(kv.get("counter", CALL).orElseThrow().getValue()).isEqualTo(text("12"));
        assertThat(List.copyOf(tokens.values())).isSorted().hasSize(12);
        assertThat(kv.range("l/", "", 10, true, CALL).entries()).isEmpty();
    }

    @Test
    void lockOfOneWhoIsGoneIsTakenOverAndItsTokenRefused() {
        Kv kv = kv("fenced");
        long dead = kv.grantLease(Duration.ofSeconds(1), CALL).getId();
        long token = kv.put("l/" + Long.toHexString(dead), text(""), PLAIN.withLease(dead), CALL)
                .getEntry()
                .getEntry()
                .getVersion();
        assertThat(kv.lock("l", Duration.ofSeconds(10)).tryLock(Duration.ZERO)).isEmpty();
        try (Lock.Held held = kv.lock("l", Duration.ofSeconds(10))
                .tryLock(Duration.ofSeconds(30))
                .orElseThrow()) {
            assertThat(held.token()).isGreaterThan(token);
            assertThat(write(kv, held.condition())).isTrue();
            assertThat(write(kv, Comparisons.version("l/" + Long.toHexString(dead), token)))
                    .isFalse();
        }
        Optional<io.moorage.client.kv.Election.Leader> nobody =
                kv.election("l", Duration.ofSeconds(10)).leader();
        assertThat(nobody).isEmpty();
    }

    private static boolean write(Kv kv, io.moorage.protocol.v1.Compare fence) {
        return kv.transact(
                        io.moorage.protocol.v1.Transact.newBuilder()
                                .addCompare(fence)
                                .addSuccess(io.moorage.client.kv.Operations.put("guarded", text("x"), PLAIN))
                                .build(),
                        CALL)
                .getSucceeded();
    }

    @Test
    void committedCommandsAreReadFromTheLog() {
        Kv kv = kv("logged");
        Map<Long, String> submitted = new TreeMap<>();
        for (int i = 0; i < 5; i++) {
            submitted.put(
                    kv.put("k", text("v" + i), PLAIN, CALL)
                            .getEntry()
                            .getEntry()
                            .getVersion(),
                    "v" + i);
        }
        Map<Long, String> read = new TreeMap<>();
        long from = kv.volume().id() + 1;
        io.moorage.protocol.v1.ReadLogResponse page;
        do {
            page = kv.log(from, 2, CALL);
            page.getCommandsList()
                    .forEach(command -> read.put(
                            command.getVersion(),
                            command.getCommand()
                                    .getTransact()
                                    .getSuccess(0)
                                    .getPut()
                                    .getValue()
                                    .toStringUtf8()));
            from = page.getNextVersion();
        } while (page.getMore());
        assertThat(read).isEqualTo(submitted);
        long some = submitted.keySet().iterator().next();
        assertThat(kv.logged(some, CALL)).isPresent();
        assertThat(kv.logged(some + 1, CALL)).isEmpty();
        assertThat(kv.await(some, CALL).getAppliedVersion()).isGreaterThanOrEqualTo(some);
        assertThatThrownBy(() -> kv.await(some + 4096L * 1_000_000, CALL.withDeadline(Duration.ofMillis(300))))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE));
    }

    private static Kv kv(String name) {
        return cluster.client().kv(cluster.volume(name).volume());
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
