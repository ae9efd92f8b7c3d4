package io.moorage.it;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
            UUID group = volume.volume().group().uuid();
            int leader = cluster.leader(volume.volume().group());
            for (int node : List.of((leader + 1) % 3, leader)) {
                delete(cluster.directory(node)
                        .resolve("groups")
                        .resolve(group.toString())
                        .resolve("state"));
                CompletableFuture.runAsync(() -> cluster.stop(node), task -> new Thread(task, "stop").start())
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
