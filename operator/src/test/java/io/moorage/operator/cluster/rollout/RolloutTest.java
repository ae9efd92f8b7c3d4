package io.moorage.operator.cluster.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.UpdateStatus;
import io.moorage.crds.v1alpha1.cluster.UpdateStrategy;
import io.moorage.crds.v1alpha1.cluster.UpdateType;
import io.moorage.operator.cluster.Nodes;
import io.moorage.operator.status.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Optional<String> FINE = Optional.empty();
    private static final Optional<String> FLAW = Optional.of("group 1 has no leader");

    @Test
    void nothingIsDoneWhenAllPodsAreNew() {
        Rollout rollout = decide(Nodes.cluster(3), FLAW, pod(0, "new", true), pod(1, "new", true));
        assertThat(rollout.restart()).isEmpty();
        assertThat(rollout.status()).isEmpty();
    }

    @Test
    void theLastOutdatedOneRestartsWhenAllIsWell() {
        Rollout rollout = decide(Nodes.cluster(3), FINE, pod(0, "old", true), pod(1, "old", true), pod(2, "new", true));
        assertThat(rollout.restart())
                .hasValueSatisfying(
                        pod -> assertThat(pod.getMetadata().getName()).isEqualTo("main-node-1"));
        assertThat(rollout.status())
                .hasValueSatisfying(status -> assertThat(status.updatedNodes()).isEqualTo(1));
    }

    @Test
    void noneRestartsWhileSomethingIsNotWhole() {
        Rollout rollout = decide(Nodes.cluster(3), FLAW, pod(0, "old", true), pod(1, "new", true));
        assertThat(rollout.restart()).isEmpty();
        assertThat(rollout.stuck()).isEmpty();
        assertThat(rollout.status())
                .hasValueSatisfying(status -> assertThat(status.message()).contains("no leader"));
    }

    @Test
    void outdatedOneThatDoesNotRunIsReplacedInAnyCase() {
        Rollout rollout = decide(Nodes.cluster(3), FLAW, pod(0, "old", false), pod(1, "old", true));
        assertThat(rollout.restart())
                .hasValueSatisfying(
                        pod -> assertThat(pod.getMetadata().getName()).isEqualTo("main-node-0"));
    }

    @Test
    void noneRestartsWhileAnotherIsEndingThoughAllLooksWell() {
        Pod ending = new PodBuilder(pod(2, "old", true))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T11:59:59Z")
                .endMetadata()
                .build();
        Rollout rollout = decide(Nodes.cluster(3), FINE, pod(0, "old", true), pod(1, "old", true), ending);
        assertThat(rollout.restart()).isEmpty();
        assertThat(rollout.status())
                .hasValueSatisfying(status -> assertThat(status.message()).contains("main-node-2"));
    }

    @Test
    void noneRestartsWhileAPodIsMissing() {
        StatefulSet set = set(1L, 1L);
        set.getSpec().setReplicas(3);
        List<Pod> pods = List.of(pod(0, "old", true), pod(1, "old", true));
        assertThat(Rollout.decide(Nodes.cluster(3), set, pods, health(FINE), NOW)
                        .restart())
                .isEmpty();
    }

    @Test
    void aPodThatWasJustDeletedIsNotForgottenWhenKubernetesShowsItAsItWas() {
        StorageCluster cluster = Nodes.cluster(3);
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .update(new UpdateStatus(0, "main-node-2", "2026-01-01T11:59:58Z", ""))
                .build());
        Pod[] pods = {pod(0, "old", true), pod(1, "old", true), pod(2, "old", true)};
        assertThat(decide(cluster, FINE, pods).restart()).isEmpty();
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .update(new UpdateStatus(0, "main-node-2", "2026-01-01T11:59:20Z", ""))
                .build());
        assertThat(decide(cluster, FINE, pods).restart()).isPresent();
    }

    @Test
    void oneThatAnswersIsNotTakenForBrokenWhateverItsProbeSays() {
        Rollout rollout = Rollout.decide(
                Nodes.cluster(3),
                set(1L, 1L),
                List.of(pod(0, "old", false)),
                new Rollout.Health(Set.of("main-node-0"), Set.of(), FLAW),
                NOW);
        assertThat(rollout.restart()).isEmpty();
    }

    @Test
    void oneWhoseGroupsHaveHadNoLeaderForLongHasNothingToLoseAndMayBeWaitingForJustThisChange() {
        List<Pod> pods = List.of(pod(0, "old", true), pod(1, "old", true), pod(2, "old", true));
        Set<String> all = Set.of("main-node-0", "main-node-1", "main-node-2");
        StorageCluster cluster = Nodes.cluster(3);
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .conditions(new Conditions(null, 1L, NOW)
                        .set(Moorage.READY, false, "GroupsNotReady", "")
                        .list())
                .build());
        Rollout.Health health = new Rollout.Health(all, Set.of("main-node-1"), FLAW);
        assertThat(Rollout.decide(cluster, set(1L, 1L), pods, health, NOW.plusSeconds(30))
                        .restart())
                .isEmpty();
        assertThat(Rollout.decide(cluster, set(1L, 1L), pods, health, NOW.plusSeconds(61))
                        .restart())
                .hasValueSatisfying(
                        pod -> assertThat(pod.getMetadata().getName()).isEqualTo("main-node-1"));
        assertThat(Rollout.decide(
                                cluster,
                                set(1L, 1L),
                                pods,
                                new Rollout.Health(all, Set.of(), FLAW),
                                NOW.plusSeconds(61))
                        .restart())
                .isEmpty();
    }

    @Test
    void nodesThatAnswerAndWhoseGroupsAllHaveNoLeaderAreLeaderless() {
        assertThat(Nodes.of(3).group(1, 0, 1).leaderless().observation().leaderless())
                .containsExactlyInAnyOrder("main-node-0", "main-node-1");
        assertThat(Nodes.of(3).group(1, 0, 1).observation().leaderless()).isEmpty();
        assertThat(Nodes.of(3).group(1, 0, 1).silent(0).observation().leaderless())
                .containsExactly("main-node-1");
    }

    @Test
    void updateThatWaitsTooLongSaysThatItIsStuck() {
        StorageCluster cluster = Nodes.cluster(3);
        cluster.setStatus(StorageClusterStatusBuilder.builder()
                .update(new UpdateStatus(1, "main-node-1", "2026-01-01T11:44:00Z", ""))
                .build());
        Rollout rollout = decide(cluster, FLAW, pod(0, "old", true), pod(1, "new", true));
        assertThat(rollout.restart()).isEmpty();
        assertThat(rollout.stuck())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("main-node-1").contains("no leader"));
    }

    @Test
    void onDeleteLeavesItToPeople() {
        StorageCluster cluster = Nodes.cluster(StorageClusterSpecBuilder.builder()
                .updateStrategy(new UpdateStrategy(UpdateType.ON_DELETE, null))
                .build());
        Rollout rollout = decide(cluster, FINE, pod(0, "old", true));
        assertThat(rollout.restart()).isEmpty();
        assertThat(rollout.status())
                .hasValueSatisfying(status -> assertThat(status.message()).contains("main-node-0"));
    }

    @Test
    void aTemplateThatKubernetesHasNotSeenYetIsWaitedFor() {
        StatefulSet set = set(2L, 1L);
        assertThat(Rollout.decide(Nodes.cluster(3), set, List.of(pod(0, "old", true)), health(FINE), NOW)
                        .restart())
                .isEmpty();
    }

    private static Rollout decide(StorageCluster cluster, Optional<String> flaw, Pod... pods) {
        return Rollout.decide(cluster, set(1L, 1L), List.of(pods), health(flaw), NOW);
    }

    private static Rollout.Health health(Optional<String> flaw) {
        return new Rollout.Health(Set.of(), Set.of(), flaw);
    }

    private static StatefulSet set(long generation, long observed) {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withGeneration(generation)
                .endMetadata()
                .withNewSpec()
                .withReplicas(1)
                .endSpec()
                .withNewStatus()
                .withObservedGeneration(observed)
                .withUpdateRevision("new")
                .endStatus()
                .build();
    }

    private static Pod pod(int ordinal, String revision, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("main-node-" + ordinal)
                .addToLabels("controller-revision-hash", revision)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }
}
