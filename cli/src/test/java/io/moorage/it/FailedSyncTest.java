package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeStore;
import io.moorage.node.extent.Disk;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReplicaInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that cannot make durable what they took. */
class FailedSyncTest {
    private static final CallOptions QUORUM = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM);
    private static final CallOptions STRONG =
            CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_STRONG).withDeadline(Duration.ofSeconds(5));

    @TempDir
    Path directory;

    private InProcessCluster cluster;
    private VolumeStore volume;

    @BeforeEach
    void start() throws Exception {
        cluster = new InProcessCluster(directory, 3, Map.of());
        volume = cluster.volume("v");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void replicaThatCannotSyncVouchesForNothingAndFetchesItAfterARestart() throws Exception {
        byte[] data = ClusterTest.data(5_000_000);
        ClusterTest.put(volume, "before", data, STRONG);
        AtomicInteger syncs = new AtomicInteger();
        cluster.setDisk(1, (file, channel) -> {
            // Only the first: the next ones would say that all is well, as those of Linux do.
            if (syncs.incrementAndGet() == 1) {
                throw new IOException("input/output error, as asked for");
            }
            Disk.SYSTEM.sync(file, channel);
        });
        // Two of three have it; what needs the third as well is not acknowledged.
        ClusterTest.put(volume, "quorum", data, QUORUM);
        assertThat(cluster.replica(1, volume.volume().group()))
                .map(ReplicaInfo::getReason)
                .hasValueSatisfying(reason -> assertThat(reason).contains("as asked for"));
        assertThatThrownBy(() -> ClusterTest.put(volume, "strong", data, STRONG))
                .isInstanceOfSatisfying(
                        MoorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ERROR_CODE_UNAVAILABLE));
        assertThat(syncs).hasValue(1);

        // What it has from before is read on; what came after is read from the others, and fetched when it may write
        // again.
        for (int i = 0; i < 6; i++) {
            assertThat(ClusterTest.get(volume, "before", QUORUM)).isEqualTo(data);
            assertThat(ClusterTest.get(volume, "quorum", QUORUM)).isEqualTo(data);
        }
        cluster.setDisk(1, Disk.SYSTEM);
        cluster.stop(1);
        cluster.start(1);
        cluster.awaitReady("v");
        cluster.stop(0);
        ClusterTest.put(volume, "after", data, QUORUM.withDeadline(Duration.ofSeconds(30)));
        cluster.stop(2);
        CallOptions eventual = CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_EVENTUAL);
        assertThat(ClusterTest.get(volume, "quorum", eventual)).isEqualTo(data);
        assertThat(ClusterTest.get(volume, "before", eventual)).isEqualTo(data);
    }
}
