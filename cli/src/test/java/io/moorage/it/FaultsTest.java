package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.client.admin.NodeView;
import io.moorage.client.control.VolumeStatus;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReplicaInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What breaks, and what must go on or come back. */
class FaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;

    @BeforeEach
    void start() throws Exception {
        // Little log is kept, so that whoever was away needs the state itself.
        cluster = new InProcessCluster(
                directory,
                3,
                Map.of("MOORAGE_RAFT_SNAPSHOT_LOG_ENTRIES", "100", "MOORAGE_RAFT_PRESERVE_LOG_ENTRIES", "0"));
        volume = cluster.volume("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void worksWithOneNodeDownAndRefusesWritesWithTwo() throws Exception {
        byte[] data = ClusterTest.data(3_000_000);
        ClusterTest.put(volume, "before", data, CallOptions.DEFAULT);
        cluster.stop(0);
        ClusterTest.put(volume, "one-down", data, CallOptions.DEFAULT);
        assertThat(ClusterTest.get(volume, "one-down", CallOptions.DEFAULT)).isEqualTo(data);

        awaitLevel();
        cluster.stop(1);
        long start = System.nanoTime();
        assertThatThrownBy(() -> ClusterTest.put(
                        volume,
                        "two-down",
                        ClusterTest.data(10),
                        CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(5))))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(ClusterTest.get(
                        volume, "before", CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_EVENTUAL)))
                .isEqualTo(data);

        cluster.start(0);
        cluster.start(1);
        assertThat(ClusterTest.get(volume, "one-down", CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30))))
                .isEqualTo(data);
    }

    @Test
    void everythingIsThereAfterAllNodesWereRestarted() throws Exception {
        byte[] small = ClusterTest.data(1000);
        byte[] large = ClusterTest.data(9_000_000);
        ClusterTest.put(volume, "small", small, CallOptions.DEFAULT);
        ClusterTest.put(volume, "large", large, CallOptions.DEFAULT);
        for (int i = 0; i < 3; i++) {
            cluster.stop(i);
        }
        for (int i = 0; i < 3; i++) {
            cluster.start(i);
        }
        CallOptions patient = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
        assertThat(ClusterTest.get(volume, "small", patient)).isEqualTo(small);
        assertThat(ClusterTest.get(volume, "large", patient)).isEqualTo(large);
    }

    @Test
    void nodeThatWasAwayForLongCatchesUpFromTheStateAndFetchesItsExtents() throws Exception {
        cluster.stop(2);
        byte[] large = ClusterTest.data(6_000_000);
        ClusterTest.put(volume, "large", large, CallOptions.DEFAULT);
        // More than a segment of log, so that what was before it is really gone.
        for (int i = 0; i < 700; i++) {
            ClusterTest.put(volume, "small-" + i, ClusterTest.data(60_000), CallOptions.DEFAULT);
        }
        cluster.start(2);
        awaitReady();
        // It alone can give every byte.
        awaitLevel();
        cluster.stop(0);
        cluster.stop(1);
        CallOptions eventual = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_EVENTUAL);
        assertThat(ClusterTest.get(volume, "large", eventual)).isEqualTo(large);
        assertThat(ClusterTest.get(volume, "small-699", eventual)).isEqualTo(ClusterTest.data(60_000));
    }

    @Test
    void nodeThatLostItsDiskIsANewMember() throws Exception {
        byte[] large = ClusterTest.data(6_000_000);
        ClusterTest.put(volume, "large", large, CallOptions.DEFAULT);
        String before = cluster.node(1).identity().id();
        cluster.stop(1);
        wipe(cluster.directory(1));
        cluster.start(1);
        String after = cluster.node(1).identity().id();
        assertThat(after).isNotEqualTo(before);
        try (Groups.Healing healing = Groups.heal(cluster.client())) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(members())
                            .allSatisfy(ids -> assertThat(ids)
                                    .contains(after)
                                    .doesNotContain(before)
                                    .hasSize(3)));
            awaitReady();
        }
        cluster.stop(0);
        assertThat(ClusterTest.get(volume, "large", CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30))))
                .isEqualTo(large);
    }

    @Test
    void flippedByteIsNotServedAndIsMended() throws Exception {
        byte[] data = ClusterTest.data(500_000);
        ClusterTest.put(volume, "f", data, CallOptions.DEFAULT);
        awaitReady();
        for (int node = 0; node < 2; node++) {
            for (Path file : extentFiles(node)) {
                try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
                    raw.seek(200_000);
                    int b = raw.read();
                    raw.seek(200_000);
                    raw.write(b ^ 0x10);
                }
            }
        }
        for (int i = 0; i < 10; i++) {
            assertThat(ClusterTest.get(volume, "f", CallOptions.DEFAULT)).isEqualTo(data);
        }
        awaitReady();
        // Node 2 had the only good copy: without it, the others must have been mended.
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (int i = 0; i < 6; i++) {
                assertThat(ClusterTest.get(volume, "f", CallOptions.DEFAULT)).isEqualTo(data);
            }
            assertThat(missing()).isZero();
        });
        cluster.stop(2);
        assertThat(ClusterTest.get(volume, "f", CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30))))
                .isEqualTo(data);
    }

    private void awaitReady() {
        await().atMost(PATIENCE).until(() -> cluster.status("v").phase() == VolumeStatus.Phase.READY && missing() == 0);
    }

    /** What this client has seen, it will not read older than: whoever is left must have got that far. */
    private void awaitLevel() {
        await().atMost(PATIENCE)
                .until(() -> nodes().stream()
                                .flatMap(node -> node.replicas().stream())
                                .filter(replica -> replica.getGroupId()
                                        .equals(volume.volume().group().toBytes()))
                                .map(ReplicaInfo::getAppliedIndex)
                                .distinct()
                                .count()
                        == 1);
    }

    private long missing() {
        return nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .mapToLong(ReplicaInfo::getMissingExtents)
                .sum();
    }

    private List<List<String>> members() {
        return nodes().stream()
                .flatMap(node -> node.replicas().stream())
                .map(replica -> replica.getMembersList().stream()
                        .map(member -> member.getNodeId())
                        .toList())
                .toList();
    }

    private List<NodeView> nodes() {
        return cluster.client().admin().describe(Duration.ofSeconds(2));
    }

    private List<Path> extentFiles(int node) throws IOException {
        try (var files = Files.walk(cluster.directory(node))) {
            return files.filter(file -> file.toString().endsWith(".ext")).toList();
        }
    }

    private static void wipe(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
