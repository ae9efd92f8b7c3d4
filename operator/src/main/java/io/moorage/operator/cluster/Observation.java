package io.moorage.operator.cluster;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the storage nodes of a cluster said when they were asked.
 *
 * @param nodes one for each node that should be there, in the order of their ordinals
 * @param silentFor ids of members that do not answer, and for how long
 */
public record Observation(List<NodeView> nodes, Map<String, Duration> silentFor) {
    /** A replica that is further behind than this many log entries is not up to date. */
    public static final long SMALL_LAG = 1000;

    public boolean allReachable() {
        return nodes.stream().allMatch(NodeView::reachable);
    }

    /** What the leaders say of their groups. */
    public Map<GroupId, ReplicaInfo> leaders() {
        Map<GroupId, ReplicaInfo> leaders = new TreeMap<>(Comparator.comparing(GroupId::toString));
        for (NodeView node : nodes) {
            for (ReplicaInfo replica : node.replicas()) {
                if (replica.getRole() == Role.ROLE_LEADER) {
                    leaders.merge(
                            GroupId.of(replica.getGroupId()), replica, (a, b) -> a.getTerm() >= b.getTerm() ? a : b);
                }
            }
        }
        return leaders;
    }

    /** Every replica of every group, by group and node id. */
    public Map<GroupId, Map<String, ReplicaInfo>> replicas() {
        Map<GroupId, Map<String, ReplicaInfo>> replicas = new TreeMap<>(Comparator.comparing(GroupId::toString));
        for (NodeView node : nodes) {
            node.info()
                    .ifPresent(info -> node.replicas()
                            .forEach(replica -> replicas.computeIfAbsent(
                                            GroupId.of(replica.getGroupId()), group -> new HashMap<>())
                                    .put(info.getId(), replica)));
        }
        return replicas;
    }

    /** Ids of all members that any replica knows of. */
    public Set<String> members() {
        Set<String> members = new HashSet<>();
        nodes.forEach(node -> node.replicas()
                .forEach(replica -> replica.getMembersList().forEach(member -> members.add(member.getNodeId()))));
        return members;
    }

    /** Why a group is not whole, in words; empty if it is. @param replicas how many members it should have */
    public Optional<String> flaw(GroupId group, int replicas) {
        ReplicaInfo leader = leaders().get(group);
        if (leader == null) {
            return Optional.of("it has no leader");
        }
        if (leader.getMembersCount() < replicas) {
            return Optional.of("it has " + leader.getMembersCount() + " of " + replicas + " replicas");
        }
        Map<String, ReplicaInfo> present = replicas().getOrDefault(group, Map.of());
        for (Member member : leader.getMembersList()) {
            ReplicaInfo replica = present.get(member.getNodeId());
            if (replica == null) {
                return Optional.of("its replica on " + member.getNodeId() + " does not answer");
            }
            if (replica.getState() != ReplicaState.REPLICA_STATE_READY || replica.getMissingExtents() > 0) {
                return Optional.of("its replica on " + member.getNodeId() + " has not everything yet"
                        + (replica.getReason().isEmpty() ? "" : ": " + replica.getReason()));
            }
            if (leader.getCommitIndex() - replica.getAppliedIndex() > SMALL_LAG) {
                return Optional.of("its replica on " + member.getNodeId() + " is "
                        + (leader.getCommitIndex() - replica.getAppliedIndex()) + " log entries behind");
            }
        }
        return Optional.empty();
    }
}
