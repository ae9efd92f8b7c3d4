package io.moorage.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterStatusesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @Test
    void memberWithoutAPodIsToldOfAndItsSilenceMeasured() {
        StorageCluster cluster = Nodes.cluster(2);
        Observation observed = Nodes.of(2).group(1, 0, 1, 4).observation();
        List<NodeStatus> first = new ClusterStatuses(cluster, observed, List.of(), NOW).nodes(Set.of());
        assertThat(first).extracting(NodeStatus::name).containsExactly("main-node-0", "main-node-1", "main-node-4");
        assertThat(first.get(2).state()).isEqualTo("Unreachable");
        assertThat(first.get(2).silentSince()).isEqualTo(NOW.toString());

        cluster.setStatus(StorageClusterStatusBuilder.builder().nodes(first).build());
        Instant later = NOW.plus(Duration.ofMinutes(11));
        assertThat(Observer.silence(cluster, observed.nodes(), later))
                .containsEntry(Nodes.id(4), Duration.ofMinutes(11))
                .hasSize(1);
        assertThat(new ClusterStatuses(cluster, observed, List.of(), later)
                        .nodes(Set.of())
                        .get(2)
                        .silentSince())
                .isEqualTo(NOW.toString());
        assertThat(new ClusterStatuses(cluster, Nodes.of(2).group(1, 0, 1).observation(), List.of(), later)
                        .nodes(Set.of()))
                .as("when no group counts on it any more")
                .hasSize(2);
    }
}
