package io.moorage.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeConfigLoaderTest {
    @TempDir
    Path directory;

    @Test
    void environmentWinsOverTheFileAndOldNamesAreKnown() throws Exception {
        Path file = directory.resolve("node.yaml");
        Files.writeString(file, "node:\n  name: from-file\nstorage:\n  directory: /data\n  reserve-bytes: 2GiB\n");
        NodeConfig config = NodeConfigLoader.load(
                file,
                Map.of(
                        "NODE_ID",
                        "from-alias",
                        "MOORAGE_RAFT_ELECTION_TIMEOUT",
                        "2s",
                        "MOORAGE_API",
                        "http://x",
                        "HOME",
                        "/"));
        assertThat(config.node().name()).isEqualTo("from-alias");
        assertThat(config.storage().reserveBytes()).isEqualTo(2L << 30);
        assertThat(config.raft().electionTimeout()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void allProblemsAreReportedAtOnceByName() throws Exception {
        Path file = directory.resolve("node.yaml");
        Files.writeString(file, "nod:\n  name: x\nnode:\n  name: Bad_Name\nnetwork:\n  raft-port: 70000\n");
        assertThatThrownBy(() -> NodeConfigLoader.load(file, Map.of("MOORAGE_RAFT_ELECTOIN_TIMEOUT", "2s")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("'nod.name'")
                .hasMessageContaining("'Bad_Name' is not a DNS label")
                .hasMessageContaining("network.raft-port '70000' is out of range")
                .hasMessageContaining("MOORAGE_RAFT_ELECTOIN_TIMEOUT is not known")
                .hasMessageContaining("storage.directory is missing");
    }
}
