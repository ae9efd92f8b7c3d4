package io.moorage.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "raft.election-timeout, 299ms, 300 to 60000",
        "raft.election-timeout, 61s, 300 to 60000",
        "raft.election-timeout, 99999999999999999999s, 300 to 60000",
        "raft.election-timeout, 9223372036854775807d, 300 to 60000",
        "raft.max-batch-commands, 4097, 1 to 4096",
        "raft.max-batch-bytes, 5MiB, 65536 to 4194304",
        "raft.log-segment-bytes, 1MiB, 8388608 to 1073741824",
        "raft.max-queued-bytes, 16777217TiB, 1048576 to 1073741824",
        "raft.snapshot-log-entries, 99, 100 to 9223372036854775807",
    })
    void whatIsOutOfRangeIsRefusedWithTheRange(String key, String value, String range) {
        String variable =
                "MOORAGE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        assertThatThrownBy(() -> NodeConfigLoader.load(
                        null, Map.of("NODE_ID", "n", "STORAGE_ROOT", directory.toString(), variable, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessage(key + " '" + value + "' is out of range: " + range);
    }
}
