package io.moorage.operator.cluster.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.client.membership.MembershipPolicy;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupMember;
import io.moorage.crds.v1alpha1.cluster.GroupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.cluster.Nodes;
import io.moorage.operator.cluster.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GroupFounderTest {
    @Test
    void threeNodesGetThreeGroupsOfThreeLedByADifferentOneEach() {
        GroupFounder.Result result = decide(Nodes.cluster(3), Nodes.of(3).observation(), Set.of());
        assertThat(result.waiting()).isEmpty();
        assertThat(result.foundings()).hasSize(3).allSatisfy(founding -> {
            assertThat(founding.members()).hasSize(3);
            assertThat(founding.addresses()).doesNotHaveDuplicates();
        });
        Map<String, Long> preferred = result.foundings().stream()
                .flatMap(founding -> founding.members().stream())
                .filter(member -> member.getPriority() > 0)
                .collect(Collectors.groupingBy(member -> member.getNodeId(), Collectors.counting()));
        assertThat(preferred).hasSize(3);
    }

    @Test
    void oneNodeGetsAGroupOfOne() {
        GroupFounder.Result result = decide(Nodes.cluster(1), Nodes.of(1).observation(), Set.of());
        assertThat(result.foundings())
                .singleElement()
                .satisfies(founding -> assertThat(founding.members()).hasSize(1));
    }

    @Test
    void nothingIsMadeWhileANodeIsSilentOrNotThereYet() {
        GroupFounder.Result silent =
                decide(Nodes.cluster(3), Nodes.of(3).silent(1).observation(), Set.of());
        assertThat(silent.foundings()).isEmpty();
        assertThat(silent.waiting()).hasValueSatisfying(why -> assertThat(why).contains("main-node-1"));
        GroupFounder.Result few = decide(Nodes.cluster(5), Nodes.of(3).observation(), Set.of());
        assertThat(few.foundings()).isEmpty();
    }

    @Test
    void groupThatHeldDataIsNotMadeAgain() {
        StorageCluster cluster = Nodes.cluster(3);
        String lost = GroupPlan.of(cluster, List.of()).wanted().get(0).id().toString();
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .groups(List.of(GroupStatusBuilder.builder()
                        .id(lost)
                        .replicas(3)
                        .members(List.of(new GroupMember("main-node-0", Nodes.id(0), null, null, null, null)))
                        .build()))
                .build());
        GroupFounder.Result result = decide(cluster, Nodes.of(3).observation(), Set.of());
        assertThat(result.foundings())
                .hasSize(2)
                .noneMatch(founding -> founding.group().toString().equals(lost));
        assertThat(result.waiting()).hasValueSatisfying(why -> assertThat(why).contains(lost));
    }

    @Test
    void aMemberThatHasNotHeardOfItsGroupGetsItsReplica() {
        StorageCluster cluster = Nodes.cluster(3);
        Nodes nodes = Nodes.of(3)
                .group(1, 0, 1, 2)
                .group(2, 1, 2, 0)
                .group(3, 2, 0, 1)
                .ignorant(2);
        List<Wanted> wanted = GroupPlan.of(cluster, List.of()).wanted();
        for (int i = 0; i < 3; i++) {
            nodes.named(i + 1, wanted.get(i).id());
        }
        GroupFounder.Result result = decide(cluster, nodes.observation(), Set.of());
        // The third group is led by the one that knows nothing, and is left to its own.
        assertThat(result.foundings())
                .hasSize(2)
                .allSatisfy(founding -> assertThat(founding.addresses()).containsExactly("main-node-2:9200"))
                .allSatisfy(founding -> assertThat(founding.members()).hasSize(3));
    }

    @Test
    void nodesThatTakeNoReplicasAreLeftOut() {
        GroupFounder.Result result = decide(Nodes.cluster(4), Nodes.of(4).observation(), Set.of("main-node-3"));
        assertThat(result.foundings())
                .hasSize(4)
                .allSatisfy(founding -> assertThat(founding.addresses()).doesNotContain("main-node-3:9200"));
    }

    private static GroupFounder.Result decide(StorageCluster cluster, Observation observed, Set<String> cordoned) {
        GroupPlan plan = GroupPlan.of(cluster, List.of());
        MembershipPolicy policy =
                new MembershipPolicy(group -> plan.replicas(group, 1), Duration.ofMinutes(10), cordoned, Set.of());
        return new GroupFounder(cluster, plan, observed, policy).decide();
    }
}
