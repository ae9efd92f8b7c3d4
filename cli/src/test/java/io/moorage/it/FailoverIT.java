package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeStore;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long nobody's write is acknowledged when the process that leads is killed, and that no acknowledged one is lost. */
class FailoverIT {
    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private record Leader(String node, long term) {}

    private record Acknowledged(String key, int size, long nanos) {}

    @TempDir
    Path directory;

    @Test
    void writesGoOnAndNoneIsLostWhenTheLeaderIsKilledAndWatchersSeeEachOnce() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
        try (ProcessCluster cluster = new ProcessCluster(directory.resolve("cluster"));
                MoorageClient client = new MoorageClient(cluster.serviceAddresses(), 4)) {
            cluster.moorage("volume", "create", "v");
            VolumeStore volume =
                    client.store(Groups.volume(client, "v").map(Groups::ref).orElseThrow());
            Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
            AtomicBoolean done = new AtomicBoolean();
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(executor.submit(() -> {
                    CallOptions call = CallOptions.DEFAULT.withDeadline(PATIENCE);
                    for (int i = 0; !done.get(); i++) {
                        String key = number + "/" + i;
                        ClusterTest.put(volume, key, ClusterTest.data(100 + i % 1000), call);
                        acknowledged.add(new Acknowledged(key, 100 + i % 1000, System.nanoTime()));
                    }
                    return null;
                }));
            }
            await().atMost(PATIENCE).until(() -> acknowledged.size() > 500);

            Leader first = leader(client, volume, 0);
            kill(cluster, first.node());
            long killed = System.nanoTime();
            await().atMost(PATIENCE)
                    .until(() -> acknowledged.stream()
                                    .filter(each -> each.nanos() - killed > 1_000_000_000L)
                                    .count()
                            > 500);
            done.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }

            long[] times = acknowledged.stream()
                    .mapToLong(Acknowledged::nanos)
                    .sorted()
                    .toArray();
            long gap = 0;
            for (int i = 1; i < times.length; i++) {
                gap = Math.max(gap, times[i] - times[i - 1]);
            }
            System.out.printf(
                    "failover: %d writes by %d clients, %s killed, longest gap between acknowledged writes %.2f s%n",
                    times.length, WRITERS, first.node(), gap / 1e9);
            assertThat(Duration.ofNanos(gap)).isLessThan(Duration.ofSeconds(15));
            // Not another node: it is back by now, and may have been given the leadership again.
            Leader second = leader(client, volume, first.term() + 1);
            for (Acknowledged each : acknowledged) {
                assertThat(ClusterTest.get(volume, each.key(), CallOptions.DEFAULT))
                        .as(each.key())
                        .isEqualTo(ClusterTest.data(each.size()));
            }
            // Who follows the changes meanwhile sees each of them once.
            await().atMost(PATIENCE)
                    .until(() -> client.admin().describe(Duration.ofSeconds(2)).stream()
                            .allMatch(NodeView::reachable));
            FollowedWrites.check(
                    client.kv(volume.volume()),
                    () -> kill(cluster, leader(client, volume, second.term()).node()));
        } finally {
            executor.shutdownNow();
        }
    }

    private static void kill(ProcessCluster cluster, String node) throws Exception {
        ProcessHandle process = cluster.process(node);
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().get();
    }

    /** Waits for one: there is none between two terms. */
    private static Leader leader(MoorageClient client, VolumeStore volume, long minTerm) {
        return await().atMost(PATIENCE)
                .until(
                        () -> client.admin().describe(Duration.ofSeconds(2)).stream()
                                .flatMap(view -> view.replicas().stream()
                                        .filter(replica -> replica.getRole() == Role.ROLE_LEADER
                                                && replica.getTerm() >= minTerm
                                                && replica.getGroupId()
                                                        .equals(volume.volume()
                                                                .group()
                                                                .toBytes()))
                                        .map(replica -> new Leader(
                                                view.info().orElseThrow().getName(), replica.getTerm())))
                                .max(Comparator.comparingLong(Leader::term)),
                        Optional::isPresent)
                .orElseThrow();
    }
}
