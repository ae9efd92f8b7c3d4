package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.it.Distribution.Result;
import io.moorage.node.replica.Directories;
import io.moorage.testing.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two of three storage nodes are killed and their disks wiped: processes, operator, command line. */
class RecoverIT {
    private static final int FILES = 12;
    private static final int BIG = 5 << 20;

    @TempDir
    Path directory;

    private Distribution moorage;
    private RestClient rest;

    @BeforeEach
    void up() throws Exception {
        moorage = new Distribution(directory);
        JsonNode cluster = moorage.run("up", "--port-base", "" + FreePorts.cluster(), "--volume", "kept", "--json")
                .succeeded()
                .json();
        rest = new RestClient(cluster.path("api").asText(), "kept");
    }

    @AfterEach
    void down() throws Exception {
        moorage.run("down", "--delete-data").succeeded();
    }

    @Test
    @Timeout(300)
    void clusterGoesOnWithTheOneDiskThatIsLeftAndGrowsAgain() throws Exception {
        for (int i = 0; i < FILES; i++) {
            assertThat(rest.put("file-" + i, content(i))).isEqualTo(201);
        }
        moorage.run("status", "--wait", "60s").succeeded();
        JsonNode before = moorage.run("members", "kept", "--json").succeeded().json();
        assertThat(moorage.run("members", "kept", "remove", "node-2").err()).contains("pause it first");
        moorage.run("members", "kept", "transfer", "node-2").succeeded();
        await().atMost(Duration.ofSeconds(10)).until(this::leader, name -> name.endsWith("node-2"));

        assertThat(moorage.run("recover", "--lost", "node-1,node-2").succeeded().err())
                .contains("nothing to recover");
        for (String node : new String[] {"node-1", "node-2"}) {
            moorage.run("node", "stop", node, "--signal", "KILL").succeeded();
            Directories.delete(moorage.data().resolve("data").resolve("default").resolve("data-local-" + node));
        }
        // Leaders that are alone notice within seconds.
        Result asked = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> moorage.run("recover", "--lost", "node-1,node-2"),
                        result -> !result.out().isEmpty());
        assertThat(asked.exitCode()).as(asked.err()).isEqualTo(4);
        assertThat(asked.out()).contains("would go on on local-node-0").contains("is lost");
        Result partly = moorage.run("recover", "--lost", "node-1", "--accept-data-loss");
        assertThat(partly.err()).contains("name them as well");

        Result recovered = moorage.run("recover", "--lost", "node-1,node-2", "--accept-data-loss")
                .succeeded();
        assertThat(recovered.out()).contains("goes on as");
        moorage.run("node", "start", "node-1").succeeded();
        moorage.run("node", "start", "node-2").succeeded();
        moorage.run("status", "--wait", "120s").succeeded();
        for (int i = 0; i < FILES; i++) {
            assertThat(rest.get("file-" + i)).as("file-%d", i).isEqualTo(content(i));
        }
        assertThat(rest.put("new", content(1))).isEqualTo(201);
        JsonNode after = moorage.run("members", "kept", "--json").succeeded().json();
        assertThat(after.path("group").asText())
                .isNotEqualTo(before.path("group").asText());
        assertThat(after.path("members")).hasSize(3);
    }

    private String leader() throws Exception {
        return moorage.run("members", "kept", "--json")
                .succeeded()
                .json()
                .path("leader")
                .asText();
    }

    private static byte[] content(int i) {
        return Content.of("file-" + i, i % 4 == 0 ? BIG : 1000 + i);
    }
}
