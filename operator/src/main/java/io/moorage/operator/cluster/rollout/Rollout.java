package io.moorage.operator.cluster.rollout;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.UpdateStatus;
import io.moorage.crds.v1alpha1.cluster.UpdateType;
import io.moorage.operator.naming.Names;
import io.moorage.operator.text.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Brings a changed pod template to the storage nodes, one after the other. A node that is asked to stop hands over what it leads
 * before it does; the next one is asked when every group is whole again.
 *
 * @param restart the pod to delete now
 * @param status of the update; empty if there is none
 * @param stuck why it does not go on; empty while it does
 */
public record Rollout(Optional<Pod> restart, Optional<UpdateStatus> status, Optional<String> stuck) {
    private static final Rollout NONE = new Rollout(Optional.empty(), Optional.empty(), Optional.empty());
    private static final String REVISION = "controller-revision-hash";
    /** After this long what Kubernetes shows is believed. */
    private static final Duration STALE = Duration.ofSeconds(30);
    /** A group that has had no leader for so long is not in the middle of an election. */
    private static final Duration LEADERLESS = Duration.ofMinutes(1);

    /**
     * How the storage nodes are. Immutable.
     *
     * @param answering names of those that answer
     * @param leaderless names of those of them whose groups all have no leader
     * @param flaw why the cluster is not whole; empty if it is
     */
    public record Health(Set<String> answering, Set<String> leaderless, Optional<String> flaw) {}

    /** What is to be done now. Pure. */
    public static Rollout decide(
            StorageCluster cluster, StatefulSet nodes, Collection<Pod> pods, Health health, Instant now) {
        Optional<String> flaw = health.flaw();
        String revision = nodes.getStatus() == null ? null : nodes.getStatus().getUpdateRevision();
        boolean seen = nodes.getStatus() != null
                && nodes.getMetadata().getGeneration().equals(nodes.getStatus().getObservedGeneration());
        if (revision == null || !seen) {
            return NONE;
        }
        List<Pod> outdated = pods.stream()
                .filter(pod ->
                        !revision.equals(revisionOf(pod)) && pod.getMetadata().getDeletionTimestamp() == null)
                .sorted(Comparator.comparing((Pod pod) ->
                                Names.ordinal(cluster, pod.getMetadata().getName()))
                        .reversed())
                .toList();
        if (outdated.isEmpty()) {
            return finishing(cluster, flaw, pods.size(), now);
        }
        int updated = pods.size() - outdated.size();
        if (cluster.getSpec().updateStrategy().type() == UpdateType.ON_DELETE) {
            return new Rollout(
                    Optional.empty(),
                    Optional.of(new UpdateStatus(
                            updated,
                            null,
                            null,
                            "updateStrategy is OnDelete: delete the pods "
                                    + outdated.stream()
                                            .map(pod -> pod.getMetadata().getName())
                                            .toList()
                                    + ", one after the other")),
                    Optional.empty());
        }
        Optional<String> unsettled = unsettled(cluster, nodes, pods, revision, now);
        if (unsettled.isPresent()) {
            return waiting(cluster, updated, unsettled.get(), now);
        }
        // One that does not run has nothing to lose, and may be waiting for just this change.
        Optional<Pod> broken = outdated.stream()
                .filter(pod -> !Readiness.isPodReady(pod)
                        && !health.answering().contains(pod.getMetadata().getName()))
                .findFirst();
        if (broken.isPresent()) {
            return restart(broken.get(), updated, now);
        }
        if (flaw.isPresent()) {
            // So has one whose groups take no requests anyway, such as for a setting that this change mends.
            return outdated.stream()
                    .filter(pod ->
                            health.leaderless().contains(pod.getMetadata().getName())
                                    && isNotReadyForLong(cluster, now))
                    .findFirst()
                    .map(pod -> restart(pod, updated, now))
                    .orElseGet(() -> waiting(cluster, updated, flaw.get(), now));
        }
        return restart(outdated.get(0), updated, now);
    }

    private static boolean isNotReadyForLong(StorageCluster cluster, Instant now) {
        return cluster.getStatus() != null
                && cluster.getStatus().conditions().stream()
                        .anyMatch(condition -> condition.getType().equals(Moorage.READY)
                                && condition.getStatus().equals("False")
                                && Instant.parse(condition.getLastTransitionTime())
                                        .plus(LEADERLESS)
                                        .isBefore(now));
    }

    /** Whether an earlier restart is still under way: a pod that is ending answers, and looks well, for some seconds. */
    private static Optional<String> unsettled(
            StorageCluster cluster, StatefulSet nodes, Collection<Pod> pods, String revision, Instant now) {
        Optional<String> ending = pods.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() != null)
                .map(pod -> "pod " + pod.getMetadata().getName() + " is ending")
                .findFirst();
        if (ending.isPresent()) {
            return ending;
        }
        if (pods.size() < nodes.getSpec().getReplicas()) {
            return Optional.of(pods.size() + " of " + nodes.getSpec().getReplicas() + " pods are there");
        }
        // What Kubernetes shows may be older than the last deletion.
        return before(cluster)
                .filter(update -> update.currentNode() != null
                        && update.nodeStartedTime() != null
                        && Instant.parse(update.nodeStartedTime()).plus(STALE).isAfter(now)
                        && !isNew(pods, update.currentNode(), revision))
                .map(update -> "storage node " + update.currentNode() + " restarts");
    }

    private static boolean isNew(Collection<Pod> pods, String node, String revision) {
        return pods.stream()
                .anyMatch(pod -> pod.getMetadata().getName().equals(node) && revision.equals(revisionOf(pod)));
    }

    private static Rollout restart(Pod pod, int updated, Instant now) {
        return new Rollout(
                Optional.of(pod),
                Optional.of(new UpdateStatus(
                        updated,
                        pod.getMetadata().getName(),
                        now.truncatedTo(ChronoUnit.SECONDS).toString(),
                        "it restarts")),
                Optional.empty());
    }

    /** All pods are new; the last one may still be catching up. */
    private static Rollout finishing(StorageCluster cluster, Optional<String> flaw, int updated, Instant now) {
        return before(cluster).isPresent() && flaw.isPresent() ? waiting(cluster, updated, flaw.get(), now) : NONE;
    }

    private static Rollout waiting(StorageCluster cluster, int updated, String flaw, Instant now) {
        String node = before(cluster).map(UpdateStatus::currentNode).orElse(null);
        String since = before(cluster)
                .map(UpdateStatus::nodeStartedTime)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
        Duration patience = Durations.parse(cluster.getSpec().updateStrategy().nodeTimeout());
        boolean late = since != null && Instant.parse(since).plus(patience).isBefore(now);
        Optional<String> stuck = late
                ? Optional.of((node == null ? "the storage nodes have" : "storage node " + node + " has")
                        + " not been well for "
                        + cluster.getSpec().updateStrategy().nodeTimeout() + ": " + flaw
                        + ". No other node is restarted until then")
                : Optional.empty();
        return new Rollout(Optional.empty(), Optional.of(new UpdateStatus(updated, node, since, flaw)), stuck);
    }

    private static Optional<UpdateStatus> before(StorageCluster cluster) {
        return Optional.ofNullable(cluster.getStatus()).map(status -> status.update());
    }

    private static String revisionOf(Pod pod) {
        return pod.getMetadata().getLabels() == null
                ? null
                : pod.getMetadata().getLabels().get(REVISION);
    }
}
