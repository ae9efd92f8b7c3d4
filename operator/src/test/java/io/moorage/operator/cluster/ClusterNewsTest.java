package io.moorage.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.testing.TestKubernetes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told of a cluster whose pods do not run. */
class ClusterNewsTest {
    private final TestKubernetes kubernetes = new TestKubernetes();
    private final ClusterNews news = new ClusterNews(new EventRecorder(kubernetes.client(), InstantSource.system()));
    private final StorageCluster cluster = kubernetes.create(Nodes.cluster(3));

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    private void becomes(boolean ready, String readyReason, boolean degraded, String degradedReason) {
        List<Condition> before =
                cluster.getStatus() == null ? null : cluster.getStatus().conditions();
        StorageClusterStatus next = StorageClusterStatusBuilder.builder()
                .groups(
                        ready
                                ? List.of(GroupStatusBuilder.builder().id("g").build())
                                : cluster.getStatus() == null
                                        ? List.of()
                                        : cluster.getStatus().groups())
                .conditions(new Conditions(before, 1L, Instant.now())
                        .set(Moorage.READY, ready, readyReason, "why " + readyReason)
                        .set(Moorage.DEGRADED, degraded, degradedReason, "why " + degradedReason)
                        .list())
                .build();
        news.tell(cluster, next);
        cluster.setStatus(next);
    }

    @Test
    void whatEveryNewClusterGoesThroughIsNotWorthAWarningAndAnImageThatNeverStartsIs() {
        String name = cluster.getMetadata().getName();
        becomes(false, "GroupsNotReady", true, "NodesSilent");
        assertThat(kubernetes.events(name)).isEmpty();
        becomes(false, "PodsNotRunning", true, "GroupsBlocked");
        assertThat(kubernetes.events(name)).containsExactly("PodsNotRunning");
        becomes(true, "Ready", false, "Whole");
        assertThat(kubernetes.events(name)).containsExactly("PodsNotRunning");
        becomes(true, "Ready", true, "NodesSilent");
        becomes(false, "GroupsNotReady", true, "NodesSilent");
        becomes(true, "Ready", false, "Whole");
        assertThat(kubernetes.events(name))
                .containsExactlyInAnyOrder("PodsNotRunning", "NodesSilent", "GroupsNotReady", "Ready", "Whole");
    }

    @Test
    void theStorageClassIsNamedThatAPodWaitsFor() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("main-node-0")
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage("pod has unbound immediate PersistentVolumeClaims")
                .endCondition()
                .endStatus()
                .build();
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-main-node-0")
                .endMetadata()
                .withNewSpec()
                .withStorageClassName("nosuch")
                .withNewResources()
                .addToRequests("storage", new Quantity("1Gi"))
                .endResources()
                .endSpec()
                .withNewStatus()
                .withPhase("Pending")
                .endStatus()
                .build();
        assertThat(PodTroubles.first(List.of(pod), List.of(claim)))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(
                                "main-node-0", "unbound immediate", "data-main-node-0", "StorageClass nosuch", "1Gi"));
        claim.getStatus().setPhase("Bound");
        assertThat(PodTroubles.first(List.of(pod), List.of(claim)))
                .hasValueSatisfying(why -> assertThat(why).doesNotContain("nosuch"));
    }
}
