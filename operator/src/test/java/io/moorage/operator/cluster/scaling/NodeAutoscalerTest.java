package io.moorage.operator.cluster.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeAutoscaling;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.cluster.Nodes;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeAutoscalerTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void oneIsAddedWhenMoreThanTheTargetIsUsed() {
        assertThat(decide(3, 71, null, true)).isEqualTo(4);
        assertThat(decide(3, 70, null, true)).isEqualTo(3);
        assertThat(decide(6, 95, null, true)).isEqualTo(6);
    }

    @Test
    void oneGoesWhenTheRestStaysWellBelowTheTarget() {
        assertThat(decide(5, 39, null, true)).isEqualTo(4);
        assertThat(decide(5, 41, null, true)).isEqualTo(5);
        assertThat(decide(3, 1, null, true)).isEqualTo(3);
    }

    @Test
    void itWaitsAfterAChangeAndWhileSomethingElseIsChanged() {
        assertThat(decide(3, 90, "2026-01-01T11:31:00Z", true)).isEqualTo(3);
        assertThat(decide(3, 90, "2026-01-01T11:29:00Z", true)).isEqualTo(4);
        assertThat(decide(3, 90, null, false)).isEqualTo(3);
    }

    @Test
    void boundsAreKeptAtOnce() {
        assertThat(decide(1, 10, "2026-01-01T11:59:00Z", false)).isEqualTo(3);
        assertThat(decide(9, 10, "2026-01-01T11:59:00Z", false)).isEqualTo(6);
    }

    private static int decide(int nodes, long used, String last, boolean settled) {
        StorageCluster cluster = Nodes.cluster(StorageClusterSpecBuilder.builder()
                .nodes(nodes)
                .autoscaling(new NodeAutoscaling(3, 6, 70, "30m"))
                .build());
        StorageClusterStatus status = StorageClusterStatusBuilder.builder()
                .capacityBytes(100L)
                .usedBytes(used)
                .lastScaleTime(last)
                .build();
        Optional<NodeAutoscaler> decision = NodeAutoscaler.decide(cluster, status, settled, NOW);
        return decision.map(NodeAutoscaler::nodes).orElse(nodes);
    }
}
