package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.operator.cluster.groups.GroupPlan;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.cluster.groups.Wanted;
import io.moorage.operator.cluster.rollout.Rollout;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.status.Conditions;
import io.moorage.protocol.v1.ReplicaInfo;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a cluster's status says, from one round of looking at it. */
final class ClusterConditions {
    private ClusterConditions() {}

    /** Why the groups are not whole, one sentence each. */
    static List<String> flaws(StorageCluster cluster, Observation observed, GroupPlan plan) {
        Set<GroupId> groups = new LinkedHashSet<>();
        plan.wanted().stream().map(Wanted::id).forEach(groups::add);
        observed.replicas().forEach((group, replicas) -> {
            if (replicas.values().stream().anyMatch(replica -> replica.getMembersCount() > 0)) {
                groups.add(group);
            }
        });
        if (cluster.getStatus() != null) {
            cluster.getStatus().groups().stream()
                    .map(group -> GroupId.parse(group.id()))
                    .filter(group -> !plan.isGone(group, observed))
                    .forEach(groups::add);
        }
        List<String> flaws = new ArrayList<>();
        for (GroupId group : groups) {
            ReplicaInfo leader = observed.leaders().get(group);
            int replicas = plan.replicas(group, leader == null ? 1 : leader.getMembersCount());
            observed.flaw(group, replicas).ifPresent(why -> flaws.add("group " + group + ": " + why));
        }
        return flaws;
    }

    static StorageClusterStatus status(
            StorageClusterReconciler.Round round,
            GroupWork work,
            int volumes,
            Optional<Deployment> api,
            boolean paused) {
        StorageCluster cluster = round.cluster;
        Observation observed = round.observed;
        ClusterStatuses lists = new ClusterStatuses(cluster, observed, round.pods, round.now);
        List<NodeStatus> nodes = lists.nodes(round.count.leaving());
        int ready = (int) nodes.stream()
                .filter(node -> node.state().equals("Ready") || node.state().equals("Cordoned"))
                .count();
        long capacity = sum(nodes, NodeStatus::capacityBytes);
        long used = capacity - sum(nodes, NodeStatus::freeBytes);
        Set<String> versions = nodes.stream()
                .map(NodeStatus::version)
                .filter(version -> version != null)
                .collect(Collectors.toSet());
        Set<String> images = round.pods.stream().map(ClusterConditions::image).collect(Collectors.toSet());
        return StorageClusterStatusBuilder.builder()
                .observedGeneration(cluster.getMetadata().getGeneration())
                .conditions(conditions(round, nodes, ready, api, paused))
                .readyNodes(ready)
                .selector(selector(cluster))
                .image(images.size() == 1 ? images.iterator().next() : null)
                .version(versions.size() == 1 ? versions.iterator().next() : null)
                .volumes(volumes)
                .capacityBytes(capacity)
                .usedBytes(used)
                .usedPercent(capacity == 0 ? 0 : (int) (100 * used / capacity))
                .logicalBytes(null)
                .api(ClusterStatuses.api(cluster, api, round.apiPods))
                .nodes(nodes)
                .groups(lists.groups(round.plan, work))
                .update(round.rollout.flatMap(Rollout::status).orElse(null))
                .lastScaleTime(lastScaleTime(cluster))
                .lastScrubTime(Scrubs.finished(nodes).orElse(null))
                .build();
    }

    private static String lastScaleTime(StorageCluster cluster) {
        String written = Resources.annotations(cluster).get(Names.SCALED);
        try {
            if (written != null) {
                return Instant.parse(written).toString();
            }
        } catch (DateTimeParseException e) {
            // Somebody else wrote it: what was known before holds.
        }
        return cluster.getStatus() == null ? null : cluster.getStatus().lastScaleTime();
    }

    private interface Amount {
        Long of(NodeStatus node);
    }

    private static long sum(List<NodeStatus> nodes, Amount amount) {
        return nodes.stream()
                .map(amount::of)
                .filter(each -> each != null)
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String image(Pod pod) {
        return pod.getSpec().getContainers().get(0).getImage();
    }

    private static String selector(StorageCluster cluster) {
        return new TreeMap<>(Names.selector(cluster, Names.STORAGE_NODE))
                .entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(","));
    }

    private static List<Condition> conditions(
            StorageClusterReconciler.Round round,
            List<NodeStatus> nodes,
            int ready,
            Optional<Deployment> api,
            boolean paused) {
        StorageCluster cluster = round.cluster;
        Conditions conditions = new Conditions(
                cluster.getStatus() == null ? null : cluster.getStatus().conditions(),
                cluster.getMetadata().getGeneration(),
                round.now);
        Optional<String> trouble = PodTroubles.first(round.pods, round.claims);
        readiness(conditions, round, api, trouble);
        progress(conditions, round, ready, paused);
        degradation(conditions, round, nodes, trouble);
        return conditions.list();
    }

    /** Ready: every group takes writes, and an API server answers. */
    private static void readiness(
            Conditions conditions,
            StorageClusterReconciler.Round round,
            Optional<Deployment> api,
            Optional<String> trouble) {
        List<GroupId> leaderless = round.plan.wanted().stream()
                .map(Wanted::id)
                .filter(group -> !round.observed.leaders().containsKey(group))
                .toList();
        boolean apiAnswers = round.cluster.getSpec().api().replicas() == 0
                || api.map(deployment -> deployment.getStatus())
                                .map(status -> status.getReadyReplicas())
                                .orElse(0)
                        > 0;
        if (!leaderless.isEmpty()) {
            conditions.set(
                    Moorage.READY,
                    false,
                    trouble.isPresent() ? "PodsNotRunning" : "GroupsNotReady",
                    trouble.orElse(
                            leaderless.size() + " of " + round.plan.wanted().size() + " groups have no leader yet, "
                                    + leaderless.get(0) + " among them"));
        } else if (!apiAnswers) {
            conditions.set(
                    Moorage.READY,
                    false,
                    "ApiNotReady",
                    PodTroubles.first(round.apiPods, List.of()).orElse("no API server answers yet"));
        } else {
            conditions.set(
                    Moorage.READY,
                    true,
                    "Ready",
                    round.plan.wanted().size() + " groups on "
                            + round.observed.nodes().size() + " storage nodes take reads and writes");
        }
    }

    private static void progress(
            Conditions conditions, StorageClusterReconciler.Round round, int ready, boolean paused) {
        Optional<String> stuck = round.rollout.flatMap(Rollout::stuck);
        if (paused) {
            conditions.set(Moorage.PROGRESSING, false, "Paused", "nothing is changed while it is paused");
        } else if (stuck.isPresent()) {
            conditions.set(Moorage.PROGRESSING, false, "UpdateStuck", stuck.get());
        } else if (round.rollout.flatMap(Rollout::status).isPresent()) {
            conditions.set(
                    Moorage.PROGRESSING,
                    true,
                    "Updating",
                    round.rollout.get().status().get().message());
        } else if (!round.count.leaving().isEmpty()) {
            conditions.set(
                    Moorage.PROGRESSING, true, "ScalingDown", "storage nodes are drained: " + round.count.leaving());
        } else if (!round.waiting.isEmpty()) {
            conditions.set(Moorage.PROGRESSING, true, "Waiting", round.waiting.get(0));
        } else if (round.busy) {
            conditions.set(Moorage.PROGRESSING, true, "Changing", "groups or objects are being changed");
        } else {
            conditions.set(Moorage.PROGRESSING, false, "Settled", "there is nothing to change");
        }
    }

    private static void degradation(
            Conditions conditions,
            StorageClusterReconciler.Round round,
            List<NodeStatus> nodes,
            Optional<String> trouble) {
        List<String> silent = nodes.stream()
                .filter(node -> node.silentSince() != null)
                .map(NodeStatus::name)
                .toList();
        List<String> full = nodes.stream()
                .filter(node -> node.state().equals("Full"))
                .map(NodeStatus::name)
                .toList();
        if (!round.problems.isEmpty()) {
            StorageClusterReconciler.Problem first = round.problems.get(0);
            conditions.set(Moorage.DEGRADED, true, first.reason(), first.message());
        } else if (trouble.isPresent()) {
            conditions.set(Moorage.DEGRADED, true, "PodsNotRunning", trouble.get());
        } else if (!silent.isEmpty()) {
            conditions.set(Moorage.DEGRADED, true, "NodesSilent", "storage nodes do not answer: " + silent);
        } else if (!full.isEmpty()) {
            conditions.set(
                    Moorage.DEGRADED,
                    true,
                    "DisksFull",
                    "storage nodes refuse new data, because their disks are full: " + full
                            + "; raise spec.storage.size or spec.nodes, or delete data");
        } else if (!round.flaws.isEmpty()) {
            conditions.set(Moorage.DEGRADED, true, "ReplicasNotReady", round.flaws.get(0));
        } else {
            conditions.set(Moorage.DEGRADED, false, "Whole", "every group has all of its replicas");
        }
    }

    /** @param status may be null */
    static StorageClusterStatus with(StorageClusterStatus status, List<Condition> conditions) {
        return (status == null ? StorageClusterStatusBuilder.builder() : StorageClusterStatusBuilder.builder(status))
                .conditions(conditions)
                .build();
    }
}
