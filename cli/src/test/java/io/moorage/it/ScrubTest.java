package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.UnreadableEntries;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.ScrubInfo;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that go bad on the disk of one node, and that nobody reads. */
class ScrubTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int NODE = 1;
    private static final int LARGE = 3_000_000;

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;
    private Instant due = Instant.now().minusSeconds(100);

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
        volume = cluster.volume("v");
        for (int i = 0; i < 3; i++) {
            ClusterTest.put(volume, "large-" + i, ClusterTest.data(LARGE + i), CallOptions.DEFAULT);
            ClusterTest.put(volume, "small-" + i, ClusterTest.data(5000 + i), CallOptions.DEFAULT);
        }
        cluster.awaitReady("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void badExtentIsFoundAndMendedWithoutARead() throws Exception {
        ScrubInfo before = scrub();
        assertThat(before.getBad()).isZero();
        assertThat(before.getBytes()).isGreaterThan(3 * LARGE);
        flip(largest(".ext"), 1_000_000);
        assertThat(scrub().getBad()).isEqualTo(1);
        cluster.awaitReady("v");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(scrub().getBad())
                        .as("bad copies after mending")
                        .isZero());
    }

    @Test
    void filesThatAreBadOnAllDisksAreNamed() throws Exception {
        assertThat(unreadable()).isEmpty();
        for (int node = 0; node < 3; node++) {
            for (Path file : files(node, ".ext")) {
                for (long at = 100_000; at < Files.size(file); at += 200_000) {
                    flip(file, at);
                }
            }
        }
        due = due.plusSeconds(1);
        for (String node : cluster.client().admin().addresses()) {
            cluster.client().admin().startScrub(node, due);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(unreadable()).containsExactly("large-0", "large-1", "large-2"));
        assertThat(volume.unreadable("large-1").entries())
                .extracting(Entry::getKey)
                .containsExactly("large-2");
        ClusterTest.put(volume, "large-1", ClusterTest.data(LARGE), CallOptions.DEFAULT);
        assertThat(unreadable()).containsExactly("large-0", "large-2");
        cluster.stop(NODE);
        UnreadableEntries without = volume.unreadable("");
        assertThat(without.silent()).singleElement().asString().startsWith("node-" + NODE);
        assertThat(without.entries()).hasSize(2);
    }

    private List<String> unreadable() {
        UnreadableEntries found = volume.unreadable("");
        assertThat(found.silent()).isEmpty();
        assertThat(found.next()).isEmpty();
        return found.entries().stream().map(Entry::getKey).toList();
    }

    @Test
    void replicaWhoseSmallEntriesAreBadIsMadeAnew() throws Exception {
        // Its state is in files when it was stopped.
        cluster.stop(NODE);
        cluster.start(NODE);
        cluster.awaitReady("v");
        Path blobs = largest(".blob");
        flip(blobs, Files.size(blobs) / 2);
        assertThat(scrub().getBad()).isEqualTo(1);
        assertThat(replica().getState()).isEqualTo(ReplicaState.REPLICA_STATE_DAMAGED);
        try (Groups.Healing healing = Groups.heal(cluster.client())) {
            await().atMost(PATIENCE)
                    .until(() -> replica().getState() == ReplicaState.REPLICA_STATE_READY
                            && replica().getMembersCount() == 3);
        }
        assertThat(scrub().getBad()).isZero();
    }

    @Test
    void goesOnAfterARestartAndIsOneAtATime() throws Exception {
        cluster.stop(NODE);
        cluster.configure(NODE, "MOORAGE_SCRUB_BYTES_PER_SECOND", "64KiB");
        cluster.start(NODE);
        cluster.client().admin().startScrub(address(), due);
        await().atMost(PATIENCE).until(() -> info().getBytes() >= LARGE);
        cluster.client().admin().startScrub(address(), due.plusSeconds(1));
        ScrubInfo slow = info();
        assertThat(slow.getFinishedMs()).isZero();
        assertThat(slow.getDueMs()).isEqualTo(due.plusSeconds(1).toEpochMilli());
        cluster.stop(NODE);
        cluster.configure(NODE, "MOORAGE_SCRUB_BYTES_PER_SECOND", "1GiB");
        cluster.start(NODE);
        await().atMost(PATIENCE).until(() -> info().getFinishedMs() > 0);
        assertThat(info().getStartedMs()).isEqualTo(slow.getStartedMs());
        assertThat(info().getBytes()).isBetween(3L * LARGE, 4L * LARGE);
        cluster.client().admin().startScrub(address(), due.plusSeconds(1));
        assertThat(info().getFinishedMs()).as("asked for again").isPositive();
        assertThatThrownBy(() -> cluster.client()
                        .admin()
                        .startScrub(address(), Instant.now().plusSeconds(86_400)))
                .isInstanceOf(MoorageException.class)
                .hasMessageContaining("clock");
    }

    private ScrubInfo scrub() {
        due = due.plusSeconds(1);
        cluster.client().admin().startScrub(address(), due);
        return await().atMost(PATIENCE)
                .until(this::info, info -> info.getDueMs() == due.toEpochMilli() && info.getFinishedMs() > 0);
    }

    private ScrubInfo info() {
        return cluster.client().admin().describe(Duration.ofSeconds(5)).stream()
                .filter(view -> view.address().equals(address()))
                .flatMap(view -> view.info().stream())
                .findFirst()
                .orElseThrow()
                .getScrub();
    }

    private String address() {
        return cluster.client().admin().addresses().get(NODE);
    }

    private ReplicaInfo replica() {
        return cluster.replica(NODE, volume.volume().group()).orElseThrow();
    }

    private List<Path> files(int node, String suffix) throws IOException {
        try (var files = Files.walk(cluster.directory(node, volume.volume().group()))) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private Path largest(String suffix) throws IOException {
        return files(NODE, suffix).stream()
                .max(java.util.Comparator.comparingLong(file -> file.toFile().length()))
                .orElseThrow();
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at);
            int b = raw.read();
            raw.seek(at);
            raw.write(b ^ 0x10);
        }
    }
}
