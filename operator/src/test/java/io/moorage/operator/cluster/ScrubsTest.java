package io.moorage.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.admin.NodeView;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.NodeStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.ScrubStatus;
import io.moorage.crds.v1alpha1.cluster.SelfHealing;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ScrubInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScrubsTest {
    private static final Instant SUNDAY = Instant.parse("2026-03-01T03:00:00Z");

    @Test
    void isDueForSomeHoursAfterItsTime() {
        StorageCluster cluster = cluster("0 3 * * sun");
        assertThat(Scrubs.due(cluster, SUNDAY.minusSeconds(1))).isEmpty();
        assertThat(Scrubs.due(cluster, SUNDAY)).contains(SUNDAY);
        assertThat(Scrubs.due(cluster, SUNDAY.plus(Duration.ofHours(5)))).contains(SUNDAY);
        assertThat(Scrubs.due(cluster, SUNDAY.plus(Duration.ofHours(7)))).isEmpty();
        cluster.getMetadata().setCreationTimestamp(SUNDAY.plusSeconds(60).toString());
        assertThat(Scrubs.due(cluster, SUNDAY.plusSeconds(120)))
                .as("of a cluster that was not there")
                .isEmpty();
        assertThat(Scrubs.due(cluster(null), SUNDAY)).isEmpty();
    }

    @Test
    void scheduleThatIsOfNoUseIsNamed() {
        assertThat(Scrubs.flaw(cluster("0 3 31 2 *"), SUNDAY))
                .hasValueSatisfying(why -> assertThat(why).contains("spec.selfHealing.scrubSchedule", "0 3 31 2 *"));
        assertThat(Scrubs.due(cluster("0 3 31 2 *"), SUNDAY)).isEmpty();
        assertThat(Scrubs.flaw(cluster("0 3 * * sun"), SUNDAY)).isEmpty();
    }

    @Test
    void nodesThatAnswerAndWereNotAskedAreWaiting() {
        NodeView fresh = node("a", 0);
        NodeView before = node("b", SUNDAY.minus(Duration.ofDays(7)).toEpochMilli());
        NodeView asked = node("c", SUNDAY.toEpochMilli());
        NodeView silent = new NodeView("d:1", Optional.empty(), List.of(), "silent");
        assertThat(Scrubs.waiting(List.of(fresh, before, asked, silent), SUNDAY))
                .containsExactly(fresh, before);
    }

    @Test
    void clusterIsScrubbedWhenItsLastNodeIs() {
        NodeStatus done = status("2026-03-01T05:00:00Z");
        NodeStatus later = status("2026-03-01T06:00:00Z");
        assertThat(Scrubs.finished(List.of(done, later))).contains("2026-03-01T06:00:00Z");
        assertThat(Scrubs.finished(List.of(done, status(null)))).isEmpty();
        assertThat(Scrubs.finished(
                        List.of(done, NodeStatusBuilder.builder().name("never").build())))
                .isEmpty();
        assertThat(Scrubs.finished(List.of())).isEmpty();
    }

    private static NodeStatus status(String finished) {
        return NodeStatusBuilder.builder()
                .name("n")
                .scrub(new ScrubStatus(SUNDAY.toString(), finished, null, 0L))
                .build();
    }

    private static NodeView node(String name, long due) {
        NodeInfo.Builder info = NodeInfo.newBuilder().setName(name);
        if (due > 0) {
            info.setScrub(ScrubInfo.newBuilder().setDueMs(due));
        }
        return new NodeView(name + ":1", Optional.of(info.build()), List.of(), "");
    }

    private static StorageCluster cluster(String schedule) {
        return Nodes.cluster(StorageClusterSpecBuilder.builder()
                .selfHealing(new SelfHealing("10m", schedule))
                .build());
    }
}
