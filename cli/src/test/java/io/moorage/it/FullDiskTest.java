package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks without room: each node has a file system of its own, which takes the right to mount one. */
class FullDiskTest {
    private static final int MIB = 1 << 20;
    private static final int WHILE_FULL = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final CallOptions PATIENT = CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(30));
    private static final CallOptions ANY = PATIENT.withConsistency(Consistency.CONSISTENCY_EVENTUAL);

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;
    private int leader;

    private void start(String reserve) throws Exception {
        for (int node = 0; node < 3; node++) {
            Path disk = Files.createDirectories(directory.resolve("node-" + node));
            boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=256m", "moorage-test", disk.toString());
            assumeThat(mounted)
                    .as("a file system can be mounted (on Linux, as root)")
                    .isTrue();
        }
        cluster = new InProcessCluster(
                directory,
                3,
                Map.of(
                        "MOORAGE_STORAGE_RESERVE_BYTES",
                        reserve,
                        "MOORAGE_EXTENTS_READER_GRACE",
                        "1s",
                        "MOORAGE_EXTENTS_ORPHAN_GRACE",
                        "1s"));
        volume = cluster.volume("v");
        ClusterTest.put(volume, "small", ClusterTest.data(1000), CallOptions.DEFAULT);
        ClusterTest.put(volume, "large", ClusterTest.data(5_000_000), CallOptions.DEFAULT);
        cluster.awaitReady("v");
        leader = cluster.leader(volume.volume().group());
    }

    /** Threads of Ratis end with an exception when a log is closed because it cannot be written. That is not what is judged here. */
    @BeforeAll
    static void leaveThreadsOfRatisAlone() {
        Awaitility.doNotCatchUncaughtExceptionsByDefault();
    }

    @AfterAll
    static void lookAtAllThreadsAgain() {
        Awaitility.catchUncaughtExceptionsByDefault();
    }

    @AfterEach
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        for (int node = 0; node < 3; node++) {
            run("umount", directory.resolve("node-" + node).toString());
        }
    }

    @Test
    void fullFollowerDelaysNobodyAndIsCompleteAgainWhenThereIsSpace() throws Exception {
        start("32MiB");
        int follower = (leader + 1) % 3;
        fill(follower, 20 * MIB);
        awaitFull(follower);
        ClusterTest.put(volume, "large-2", ClusterTest.data(5_000_001), CallOptions.DEFAULT);
        ClusterTest.put(volume, "small-2", ClusterTest.data(1002), CallOptions.DEFAULT);
        assertThat(replica(follower).getState()).isNotEqualTo(ReplicaState.REPLICA_STATE_FAILED);

        // Somebody else takes the reserve as well: it leaves its groups before a write to their logs fails.
        fill(follower, 0);
        await().atMost(PATIENCE).until(() -> replica(follower).getState() == ReplicaState.REPLICA_STATE_FAILED);
        for (int i = 0; i < 200; i++) {
            ClusterTest.put(volume, "while-full-" + i, ClusterTest.data(60_000 + i), CallOptions.DEFAULT);
        }
        ClusterTest.put(volume, "large-3", ClusterTest.data(5_000_003), CallOptions.DEFAULT);

        empty(follower);
        assertCompleteAlone(follower, 200);
    }

    @Test
    void followerWhoseLogMeetsTheEndOfTheDiskIsCompleteAgainWhenThereIsSpace() throws Exception {
        // More than so small a reserve, and less than a log needs: it does not withdraw before its writes fail.
        start("1MiB");
        int follower = (leader + 1) % 3;
        fill(follower, MIB / 4);
        int i = 0;
        for (; i < 400 && replica(follower).getState() != ReplicaState.REPLICA_STATE_FAILED; i++) {
            for (int j = 0; j < 20; j++) {
                String key = "while-full-" + (20 * i + j);
                ClusterTest.put(volume, key, ClusterTest.data(60_000 + 20 * i + j), CallOptions.DEFAULT);
            }
        }
        assertThat(replica(follower).getReason()).contains("No space left");
        ClusterTest.put(volume, "large-2", ClusterTest.data(5_000_001), CallOptions.DEFAULT);
        ClusterTest.put(volume, "small-2", ClusterTest.data(1002), CallOptions.DEFAULT);
        ClusterTest.put(volume, "large-3", ClusterTest.data(5_000_003), CallOptions.DEFAULT);
        empty(follower);
        assertCompleteAlone(follower, 20 * i);
    }

    @Test
    void fullLeaderRefusesNewDataGivesUpLeadershipAndTakesDataAgain() throws Exception {
        start("32MiB");
        fill(leader, 20 * MIB);
        awaitFull(leader);
        assertRefused(1000);
        assertRefused(5_000_000);
        assertThat(ClusterTest.get(volume, "small", PATIENT)).isEqualTo(ClusterTest.data(1000));
        assertThat(ClusterTest.get(volume, "large", PATIENT)).isEqualTo(ClusterTest.data(5_000_000));
        volume.delete("small", Precondition.getDefaultInstance(), PATIENT);
        assertThat(volume.stat("small", PATIENT)).isEmpty();

        // The control plane knows who has room.
        try (Groups.Healing healing = Groups.heal(cluster.client())) {
            await().atMost(PATIENCE).until(() -> cluster.leader(volume.volume().group()) != leader);
            ClusterTest.put(volume, "elsewhere", ClusterTest.data(3_000_000), PATIENT);
        }

        // Now nobody has any.
        for (int node = 0; node < 3; node++) {
            fill(node, 20 * MIB);
            awaitFull(node);
        }
        assertRefused(1000);
        assertRefused(5_000_000);
        assertThat(ClusterTest.get(volume, "elsewhere", PATIENT)).isEqualTo(ClusterTest.data(3_000_000));
        volume.delete("elsewhere", Precondition.getDefaultInstance(), PATIENT);
        for (int node = 0; node < 3; node++) {
            empty(node);
        }
        await().atMost(PATIENCE)
                .ignoreException(MoorageException.class)
                .untilAsserted(() -> ClusterTest.put(volume, "again", ClusterTest.data(5_000_000), PATIENT));
        assertThat(ClusterTest.get(volume, "again", PATIENT)).isEqualTo(ClusterTest.data(5_000_000));
        assertThat(ClusterTest.get(volume, "large", PATIENT)).isEqualTo(ClusterTest.data(5_000_000));
    }

    @Test
    void leaderThatHasNotEvenRoomForItsLogLeavesItsGroupToTheOthers() throws Exception {
        start("1MiB");
        long term = replica(leader).getTerm();
        fill(leader, 0);
        // It refuses for a moment, then the others have elected another one.
        for (int i = 0; i < WHILE_FULL; i++) {
            String key = "while-full-" + i;
            byte[] content = ClusterTest.data(60_000 + i);
            await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> isTaken(key, content));
        }
        // What the log has reserved already may have been enough for all of them: then it leaves a moment later. What
        // its logs had reserved is free then, and it may be back before the others have voted, and lead again.
        await().atMost(PATIENCE)
                .ignoreException(NoSuchElementException.class)
                .until(() -> replica(cluster.leader(volume.volume().group())).getTerm() > term);
        await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> isTaken("large-2", ClusterTest.data(5_000_001)));
        ClusterTest.put(volume, "small-2", ClusterTest.data(1002), PATIENT);
        ClusterTest.put(volume, "large-3", ClusterTest.data(5_000_003), PATIENT);
        empty(leader);
        assertCompleteAlone(leader, WHILE_FULL);
    }

    private boolean isTaken(String key, byte[] content) throws Exception {
        try {
            ClusterTest.put(volume, key, content, PATIENT);
            return true;
        } catch (MoorageException e) {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.ERROR_CODE_DISK_FULL);
            return false;
        }
    }

    private void assertRefused(int size) {
        assertThatThrownBy(() -> ClusterTest.put(volume, "refused", ClusterTest.data(size), CallOptions.DEFAULT))
                .isInstanceOfSatisfying(
                        MoorageException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.ERROR_CODE_DISK_FULL));
        assertThat(volume.stat("refused", PATIENT)).isEmpty();
    }

    private void assertCompleteAlone(int node, int written) throws IOException {
        cluster.awaitReady("v");
        await().atMost(PATIENCE).until(() -> {
            long end = replica(cluster.leader(volume.volume().group())).getAppliedIndex();
            ReplicaInfo replica = replica(node);
            return replica.getState() == ReplicaState.REPLICA_STATE_READY && replica.getAppliedIndex() >= end;
        });
        for (int other = 0; other < 3; other++) {
            if (other != node) {
                cluster.stop(other);
            }
        }
        assertThat(ClusterTest.get(volume, "small", ANY)).isEqualTo(ClusterTest.data(1000));
        assertThat(ClusterTest.get(volume, "large", ANY)).isEqualTo(ClusterTest.data(5_000_000));
        assertThat(ClusterTest.get(volume, "small-2", ANY)).isEqualTo(ClusterTest.data(1002));
        assertThat(ClusterTest.get(volume, "large-2", ANY)).isEqualTo(ClusterTest.data(5_000_001));
        assertThat(ClusterTest.get(volume, "large-3", ANY)).isEqualTo(ClusterTest.data(5_000_003));
        for (int i = 0; i < written; i++) {
            assertThat(ClusterTest.get(volume, "while-full-" + i, ANY)).isEqualTo(ClusterTest.data(60_000 + i));
        }
    }

    private ReplicaInfo replica(int node) {
        return cluster.replica(node, volume.volume().group()).orElseThrow();
    }

    private void awaitFull(int node) {
        await().atMost(PATIENCE)
                .until(() -> cluster.client().admin().describe(Duration.ofSeconds(2)).stream()
                        .flatMap(view -> view.info().stream())
                        .anyMatch(info -> info.getName().equals("node-" + node)
                                && info.getState() == io.moorage.protocol.v1.NodeState.NODE_STATE_FULL));
    }

    /** Something else on the disk leaves this much. */
    private void fill(int node, long left) throws IOException {
        Path ballast = cluster.directory(node).resolve("ballast");
        byte[] zeros = new byte[MIB / 4];
        try (OutputStream out = Files.newOutputStream(
                ballast, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            while (true) {
                long excess = Files.getFileStore(ballast).getUsableSpace() - left;
                if (excess <= 0) {
                    return;
                }
                out.write(zeros, 0, (int) Math.min(zeros.length, excess));
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    private void empty(int node) throws IOException {
        Files.delete(cluster.directory(node).resolve("ballast"));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            assertThat(Arrays.asList("mount", "umount")).contains(command[0]);
            return false;
        }
    }
}
