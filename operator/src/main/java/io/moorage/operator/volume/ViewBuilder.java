package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupViews;
import io.moorage.client.membership.Members;
import io.moorage.crds.v1alpha1.volume.VolumeReplica;
import io.moorage.crds.v1alpha1.volume.VolumeReplicaBuilder;
import io.moorage.operator.status.Replicas;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.NodeState;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Asks a cluster's nodes once, and each of its groups once, all at the same time, and puts the answers together. */
final class ViewBuilder {
    private record Told(NodeInfo node, ReplicaInfo replica) {}

    private ViewBuilder() {}

    /** Blocks as long as the slowest call of the engine, twice. */
    static ClusterView build(Engine engine, Instant now, Executor executor) {
        List<NodeView> nodes = engine.describe();
        Map<GroupId, List<Told>> told = new HashMap<>();
        for (NodeView node : nodes) {
            node.info()
                    .ifPresent(info -> node.replicas()
                            .forEach(replica -> told.computeIfAbsent(
                                            GroupId.of(replica.getGroupId()), id -> new ArrayList<>())
                                    .add(new Told(info, replica))));
        }
        // They went on as others.
        told.keySet().removeAll(new GroupViews(nodes).successors().keySet());
        // A replica that waits to be added to its group knows nothing of it.
        told.values().removeIf(replicas -> replicas.stream().allMatch(one -> one.replica.getMembersCount() == 0));
        Map<GroupId, CompletableFuture<Optional<List<Volume>>>> volumes = new HashMap<>();
        told.forEach((group, replicas) -> volumes.put(
                group,
                CompletableFuture.supplyAsync(
                        () -> volumes(engine, group, leader(replicas).isPresent()), executor)));
        Map<GroupId, GroupView> groups = new HashMap<>();
        told.forEach((group, replicas) ->
                groups.put(group, group(group, replicas, volumes.get(group).join())));
        return new ClusterView(now, nodes, groups);
    }

    private static Optional<List<Volume>> volumes(Engine engine, GroupId group, boolean led) {
        try {
            return Optional.of(
                    engine.volumes(group, led ? Consistency.CONSISTENCY_QUORUM : Consistency.CONSISTENCY_EVENTUAL));
        } catch (MoorageException e) {
            return Optional.empty();
        }
    }

    private static Optional<Told> leader(List<Told> replicas) {
        return replicas.stream()
                .filter(one -> one.replica.getRole() == Role.ROLE_LEADER)
                .max(Comparator.comparingLong(one -> one.replica.getTerm()));
    }

    private static GroupView group(GroupId id, List<Told> told, Optional<List<Volume>> volumes) {
        Optional<Told> leader = leader(told);
        Told best = leader.orElseGet(() -> told.stream()
                .filter(one -> one.replica.getMembersCount() > 0)
                .max(Comparator.comparingLong(one -> one.replica.getTerm()))
                .orElseThrow());
        List<VolumeReplica> replicas = new ArrayList<>();
        int freePercent = 100;
        boolean full = false;
        for (Member member : best.replica.getMembersList()) {
            Optional<Told> own = told.stream()
                    .filter(one -> one.node.getId().equals(member.getNodeId()))
                    .findFirst();
            replicas.add(replica(member.getNodeId(), own, leader));
            if (own.isPresent()) {
                NodeInfo node = own.get().node;
                full |= node.getState() == NodeState.NODE_STATE_FULL;
                long percent = node.getCapacityBytes() == 0
                        ? 100
                        : (long) (100.0 * node.getFreeBytes() / node.getCapacityBytes());
                freePercent = (int) Math.min(freePercent, percent);
            }
        }
        replicas.sort(Comparator.comparing(VolumeReplica::node).thenComparing(VolumeReplica::nodeId));
        return new GroupView(
                id,
                leader.map(one -> one.node.getName()),
                replicas,
                best.replica.getStoredBytes(),
                freePercent,
                full,
                volumes);
    }

    private static VolumeReplica replica(String nodeId, Optional<Told> own, Optional<Told> leader) {
        VolumeReplicaBuilder builder =
                VolumeReplicaBuilder.builder().node(Members.nameOf(nodeId)).nodeId(nodeId);
        ReplicaInfo replica = own.map(one -> one.replica).orElse(null);
        builder.role(Replicas.role(replica)).state(Replicas.state(replica));
        if (replica == null) {
            return builder.build();
        }
        leader.ifPresent(one -> builder.lag(Replicas.lag(one.replica.getCommitIndex(), replica.getAppliedIndex())));
        return builder.missingExtents(replica.getMissingExtents()).build();
    }
}
