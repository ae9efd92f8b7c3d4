package io.moorage.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.moorage.testing.FreePorts;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalClusterTest {
    @TempDir
    Path directory;

    @Test
    void portsThatAreTakenAreNamedBeforeAnythingIsMade() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Path cluster = directory.resolve("c");
            assertThatThrownBy(() -> LocalCluster.create(cluster, 1, taken.getLocalPort(), 0, 128))
                    .hasMessageContaining(taken.getLocalPort() + " for the API server")
                    .hasMessageContaining("--port-base");
            assertThat(cluster).doesNotExist();
        }
    }

    @Test
    void directoryWithOtherThingsInItIsLeftAlone() throws Exception {
        Files.writeString(directory.resolve("thesis.txt"), "x");
        assertThatThrownBy(() -> LocalCluster.create(directory, 3, 0, 21_000, 128))
                .hasMessageContaining("is not a cluster's directory, and is not empty (it holds thesis.txt)")
                .hasMessageContaining("--data");
        assertThat(directory.resolve(ClusterFile.NAME)).doesNotExist();
    }

    @Test
    void oneCommandAtATimeChangesACluster() throws Exception {
        try (ClusterLock held = ClusterLock.take(directory)) {
            assertThatThrownBy(() -> ClusterLock.take(directory)).hasMessageContaining("another command");
        }
        ClusterLock.take(directory).close();
    }

    @Test
    void clusterOfTheFormerLayoutIsRefusedAndLeftAlone() throws Exception {
        String former = "{\"formatVersion\":1,\"program\":\"moorage\",\"madeBy\":\"0.0.9\",\"nodes\":3}";
        Files.writeString(directory.resolve(ClusterFile.NAME), former);
        assertThatThrownBy(() -> LocalCluster.find(directory))
                .hasMessageContaining("has format 1 (made by version 0.0.9)")
                .hasMessageContaining("--data");
        assertThat(directory.resolve(ClusterFile.NAME)).hasContent(former);
    }

    @Test
    void shortNamesAreThoseOfTheStorageCluster() throws Exception {
        LocalCluster cluster = LocalCluster.create(directory, 2, 0, FreePorts.cluster(), 128);
        assertThat(cluster.process("node-1").name()).isEqualTo("local-node-1");
        assertThat(cluster.process("api").name()).isEqualTo("local-api-0");
        assertThat(cluster.process("local-node-0").name()).isEqualTo("local-node-0");
        assertThatThrownBy(() -> cluster.process("node-2"))
                .hasMessageContaining("there is no node 'node-2'")
                .hasMessageContaining("supervisor, local-node-0, local-node-1, local-api-0");
    }
}
