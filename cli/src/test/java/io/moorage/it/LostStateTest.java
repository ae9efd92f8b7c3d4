package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.VolumeStore;
import io.moorage.node.replica.Directories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The state of a replica cannot be written any more, as its directory is gone. */
class LostStateTest {
    @TempDir
    Path directory;

    /** Ratis' updater, which flushes the state at last, would try again for ever, and the node wait for it. */
    @Test
    void nodeThatCannotWriteItsStateStopsAllTheSame() throws Exception {
        try (InProcessCluster cluster = new InProcessCluster(directory, 3, Map.of())) {
            VolumeStore volume = cluster.volume("v");
            ClusterTest.put(volume, "small", ClusterTest.data(1000), CallOptions.DEFAULT);
            cluster.awaitReady("v");
            GroupId group = volume.volume().group();
            int leader = cluster.leader(group);
            for (int node : List.of((leader + 1) % 3, leader)) {
                Path state = cluster.directory(node, group).resolve("state");
                assertThat(state).isDirectory();
                Directories.delete(state);
                assertTimeoutPreemptively(Duration.ofSeconds(30), () -> cluster.stop(node));
            }
        }
    }
}
