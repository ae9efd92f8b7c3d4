package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose last bytes are not what was written, as a crash or a bad disk leaves them. */
class TornWriteTest {
    private static final CallOptions PATIENT = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
    private static final int SMALL = 20;

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
        volume = cluster.volume("v");
        for (int i = 0; i < SMALL; i++) {
            ClusterTest.put(volume, "small-" + i, ClusterTest.data(1000 + i), CallOptions.DEFAULT);
        }
        for (int i = 0; i < 3; i++) {
            ClusterTest.put(volume, "large-" + i, ClusterTest.data(600_000 + i), CallOptions.DEFAULT);
        }
        cluster.awaitReady("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void endOfTheFilesOfOneNodeIsCutOff() throws Exception {
        cluster.stop(1);
        for (Path log : openLogs(1)) {
            cutOff(log, 7);
        }
        for (Path file : files(1, ".ext")) {
            cutOff(file, 30);
        }
        cluster.start(1);
        // What was cut off had been acknowledged: this member cannot be trusted with its log any more.
        awaitMadeAnew(1);
        assertComplete(1);
    }

    @Test
    void allNodesCrashInTheMiddleOfAWriteThatNobodyWasToldOf() throws Exception {
        for (int node = 0; node < 3; node++) {
            cluster.stop(node);
        }
        Random random = new Random(1);
        for (int node = 0; node < 3; node++) {
            for (Path log : openLogs(node)) {
                // A record of 9000 bytes, of which some sectors came, and others not.
                byte[] torn = new byte[9000];
                random.nextBytes(torn);
                torn[0] = (byte) 0xa8;
                torn[1] = 0x46;
                java.util.Arrays.fill(torn, 1000 + node * 1500, 2200 + node * 1500, (byte) 0);
                append(log, java.util.Arrays.copyOf(torn, 4000 + node * 1000), 1 << 20);
            }
            for (Path file : files(node, ".ext")) {
                append(file, new byte[] {0x4d, 0x45, 0x58}, 100 * node);
            }
        }
        for (int node = 0; node < 3; node++) {
            cluster.start(node);
        }
        ClusterTest.put(volume, "after", ClusterTest.data(700_000), PATIENT);
        assertThat(ClusterTest.get(volume, "after", PATIENT)).isEqualTo(ClusterTest.data(700_000));
        for (int node = 0; node < 3; node++) {
            cluster.awaitReady("v");
            assertContent(PATIENT);
        }
    }

    @Test
    void damagedLogKeepsNeitherTheNodeNorTheGroupFromWorkingAndIsMadeAnew() throws Exception {
        cluster.stop(2);
        for (Path log : openLogs(2)) {
            flip(log, 10);
        }
        for (Path file : files(2, ".ext")) {
            flip(file, 3);
        }
        cluster.start(2);
        assertContent(PATIENT);
        awaitMadeAnew(2);
        assertComplete(2);
    }

    private void awaitMadeAnew(int node) {
        assertThat(cluster.replica(node, volume.volume().group()))
                .map(ReplicaInfo::getState)
                .contains(ReplicaState.REPLICA_STATE_DAMAGED);
        try (Groups.Healing healing = Groups.heal(cluster.client())) {
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> cluster.replica(node, volume.volume().group())
                            .filter(replica -> replica.getState() == ReplicaState.REPLICA_STATE_READY)
                            .filter(replica -> replica.getMembersCount() == 3)
                            .isPresent());
        }
    }

    /** It has everything: it can give it alone. */
    private void assertComplete(int node) throws IOException {
        cluster.awaitReady("v");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> cluster.replica(node, volume.volume().group())
                                .orElseThrow()
                                .getAppliedIndex()
                        == cluster.replica(
                                        cluster.leader(volume.volume().group()),
                                        volume.volume().group())
                                .orElseThrow()
                                .getAppliedIndex());
        for (int other = 0; other < 3; other++) {
            if (other != node) {
                cluster.stop(other);
            }
        }
        assertContent(PATIENT.withConsistency(Consistency.CONSISTENCY_EVENTUAL));
    }

    private void assertContent(CallOptions call) throws IOException {
        for (int i = 0; i < SMALL; i++) {
            assertThat(ClusterTest.get(volume, "small-" + i, call)).isEqualTo(ClusterTest.data(1000 + i));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(ClusterTest.get(volume, "large-" + i, call)).isEqualTo(ClusterTest.data(600_000 + i));
        }
    }

    private List<Path> openLogs(int node) throws IOException {
        List<Path> logs;
        try (var files = Files.walk(cluster.directory(node).resolve("raft"))) {
            logs = files.filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
                    .toList();
        }
        assertThat(logs).isNotEmpty();
        return logs;
    }

    private List<Path> files(int node, String suffix) throws IOException {
        List<Path> found;
        try (var files = Files.walk(cluster.directory(node))) {
            found = files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private static void cutOff(Path file, int bytes) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(raw.length() - bytes);
        }
    }

    private static void flip(Path file, int bytesBeforeTheEnd) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(raw.length() - bytesBeforeTheEnd);
            int b = raw.read();
            raw.seek(raw.length() - bytesBeforeTheEnd);
            raw.write(b ^ 0x10);
        }
    }

    private static void append(Path file, byte[] bytes, int zeros) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(raw.length());
            raw.write(bytes);
            raw.setLength(raw.length() + zeros);
        }
    }
}
