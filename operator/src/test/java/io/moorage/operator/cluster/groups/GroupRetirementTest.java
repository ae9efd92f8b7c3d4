package io.moorage.operator.cluster.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.client.GroupId;
import io.moorage.client.membership.MembershipStep;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.GroupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.crds.v1alpha1.volume.Isolation;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import io.moorage.operator.cluster.Nodes;
import io.moorage.protocol.v1.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupRetirementTest {
    private static final GroupId GROUP = Nodes.group(7);

    @Test
    void membersGoOneByOneAndTheLastOneOnlyIfItIsEmpty() {
        assertThat(steps(plan(0), Nodes.of(3).group(7, 1, 0, 2)))
                .singleElement()
                .isInstanceOfSatisfying(
                        MembershipStep.Reconfigure.class,
                        step -> assertThat(step.members())
                                .extracting(Member::getNodeId)
                                .containsExactly(Nodes.id(1), Nodes.id(0)));
        assertThat(steps(plan(0), Nodes.of(3).group(7, 1).leftOver(7, 0)))
                .as("what is left of the others goes first")
                .isEmpty();
        assertThat(steps(plan(0), Nodes.of(3).group(7, 1)))
                .singleElement()
                .isInstanceOfSatisfying(MembershipStep.Remove.class, step -> {
                    assertThat(step.ifEmpty()).isTrue();
                    assertThat(step.nodeAddress()).isEqualTo("main-node-1:9200");
                });
    }

    @Test
    void groupStaysWhileANodeIsSilentOrAVolumeIsInIt() {
        assertThat(steps(plan(0), Nodes.of(4).group(7, 1, 0, 2).silent(3))).isEmpty();
        assertThat(steps(plan(0), Nodes.of(3).group(7, 1, 0, 2).volumes(1))).isEmpty();
        assertThat(steps(plan(1), Nodes.of(3).group(7, 1, 0, 2))).isEmpty();
    }

    @Test
    void groupStaysWhileAVolumeNamesIt() {
        assertThat(plan(0, volume(Isolation.SHARED, null)).retires(GROUP)).isTrue();
        assertThat(plan(0, volume(Isolation.DEDICATED, GROUP)).retires(GROUP)).isFalse();
        assertThat(plan(0, volume(Isolation.SHARED, GROUP)).retires(GROUP)).isFalse();
        Volume deleted = volume(Isolation.DEDICATED, GROUP);
        deleted.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        assertThat(plan(0, deleted).retires(GROUP))
                .as("its data is being freed")
                .isFalse();
    }

    @Test
    void sharedGroupNeverGoes() {
        StorageCluster cluster = cluster(0, null);
        GroupPlan plan = GroupPlan.of(cluster, List.of());
        assertThat(plan.retires(GROUP)).isFalse();
        assertThat(plan.replicas(GROUP, 2)).isEqualTo(3);
        assertThat(plan(0).replicas(GROUP, 2)).as("of one that goes").isEqualTo(2);
    }

    @Test
    void isForgottenWhenNoNodeHasAnythingOfIt() {
        GroupPlan plan = plan(0);
        assertThat(plan.isGone(GROUP, Nodes.of(3).observation())).isTrue();
        assertThat(plan.isGone(GROUP, Nodes.of(3).silent(0).observation())).isFalse();
        assertThat(plan.isGone(GROUP, Nodes.of(3).group(7, 0).observation())).isFalse();
        assertThat(plan.isGone(GROUP, Nodes.of(3).leftOver(7, 2).observation())).isFalse();
        assertThat(plan(3).isGone(GROUP, Nodes.of(3).observation()))
                .as("it held volumes: it is lost, not gone")
                .isFalse();
    }

    private static List<MembershipStep> steps(GroupPlan plan, Nodes nodes) {
        return new GroupRetirement(plan, nodes.observation()).steps();
    }

    private static GroupPlan plan(int volumesInIt, Volume... volumes) {
        return GroupPlan.of(cluster(volumesInIt, true), List.of(volumes));
    }

    private static StorageCluster cluster(int volumesInIt, Boolean dedicated) {
        StorageCluster cluster = Nodes.cluster(3);
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .groups(List.of(GroupStatusBuilder.builder()
                        .id(GROUP.toString())
                        .replicas(3)
                        .dedicated(dedicated)
                        .volumes(volumesInIt)
                        .members(List.of())
                        .build()))
                .build());
        return cluster;
    }

    private static Volume volume(Isolation isolation, GroupId group) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName("v").withUid("u").build());
        volume.setSpec(VolumeSpecBuilder.builder().isolation(isolation).build());
        if (group != null) {
            volume.setStatus(
                    VolumeStatusBuilder.builder().group(group.toString()).build());
        }
        return volume;
    }
}
