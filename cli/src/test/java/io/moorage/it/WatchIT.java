package io.moorage.it;

import io.moorage.client.MoorageClient;
import io.moorage.client.control.DirectControlPlane;
import io.moorage.client.kv.Kv;
import io.moorage.protocol.v1.Role;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes are told once, in order and without gaps, while the leader's process is killed. */
class WatchIT {
    @TempDir
    Path directory;

    @Test
    void watchHasNoGapsAndNoRepeatsWhileTheLeaderIsKilled() throws Exception {
        try (ProcessCluster cluster = new ProcessCluster(directory.resolve("data"));
                MoorageClient client = new MoorageClient(cluster.serviceAddresses(), 8)) {
            cluster.moorage("volume", "create", "v");
            Kv kv = client.kv(new DirectControlPlane(client).resolve("v").orElseThrow());
            FollowedWrites.check(kv, () -> {
                for (int kill = 0; kill < 2; kill++) {
                    String leader = client.admin().describe(Duration.ofSeconds(5)).stream()
                            .filter(node -> node.replicas().stream()
                                    .anyMatch(replica -> replica.getRole() == Role.ROLE_LEADER
                                            && replica.getGroupId()
                                                    .equals(kv.volume().group().toBytes())))
                            .findFirst()
                            .map(node -> node.info().orElseThrow().getName())
                            .orElse("node-0");
                    cluster.process(leader).destroyForcibly();
                    cluster.moorage("up");
                }
            });
        }
    }
}
