package io.moorage.node.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.node.config.NodeConfigLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;

class RaftSettingsTest {
    /** Ratis closes itself after a pause of a minute unless it is told otherwise, and nothing in the process would start it again. */
    @Test
    void nodeThatStoodStillOverTheWeekendGoesOn() throws Exception {
        RaftProperties properties = RaftSettings.of(
                NodeConfigLoader.load(
                        null, Map.of("MOORAGE_NODE_NAME", "node-0", "MOORAGE_STORAGE_DIRECTORY", "/data/moorage")),
                Path.of("raft"),
                Path.of("removed"));

        assertThat(RaftServerConfigKeys.closeThreshold(properties).toLong(TimeUnit.DAYS))
                .isGreaterThan(1000);
    }
}
