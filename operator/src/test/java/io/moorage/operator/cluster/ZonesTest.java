package io.moorage.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ZonesTest {
    private static final String KEY = "topology.kubernetes.io/zone";
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final KubernetesMockServer server = new KubernetesMockServer(false);
    private KubernetesClient client;

    @BeforeEach
    void start() {
        server.init();
        client = server.createClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.destroy();
    }

    @Test
    void machineThatCouldNotBeAskedOrHasNoZoneIsAskedAgainAndAnotherIsNot() {
        Node bare =
                new NodeBuilder().withNewMetadata().withName("m").endMetadata().build();
        Node labelled = new NodeBuilder(bare)
                .editMetadata()
                .addToLabels(KEY, "z")
                .endMetadata()
                .build();
        server.expect().get().withPath("/api/v1/nodes/m").andReturn(403, null).once();
        server.expect().get().withPath("/api/v1/nodes/m").andReturn(200, bare).once();
        server.expect()
                .get()
                .withPath("/api/v1/nodes/m")
                .andReturn(200, labelled)
                .once();
        Zones zones = new Zones(client);
        assertThat(zones.of("m", KEY, NOW)).isEmpty();
        assertThat(zones.of("m", KEY, NOW.plusSeconds(1))).isEmpty();
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(zones.of("m", KEY, NOW.plusSeconds(11))).isEmpty();
        assertThat(zones.of("m", KEY, NOW.plusSeconds(60))).isEmpty();
        assertThat(server.getRequestCount()).isEqualTo(2);
        assertThat(zones.of("m", KEY, NOW.plusSeconds(600))).contains("z");
        assertThat(zones.of("m", KEY, NOW.plusSeconds(100_000))).contains("z");
        assertThat(server.getRequestCount()).isEqualTo(3);
    }
}
