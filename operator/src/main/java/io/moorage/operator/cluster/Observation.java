package io.moorage.operator.cluster;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupViews;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the storage nodes of a cluster said when they were asked. Immutable. */
public final class Observation {
    /** A replica that is further behind than this many log entries is not up to date. */
    public static final long SMALL_LAG = 1000;

    private final List<NodeView> nodes;
    private final Map<String, Duration> silentFor;
    private final GroupViews groups;

    /**
     * @param nodes one for each node that should be there, in the order of their ordinals
     * @param silentFor ids of members that do not answer, and for how long
     */
    public Observation(List<NodeView> nodes, Map<String, Duration> silentFor) {
        this.nodes = List.copyOf(nodes);
        this.silentFor = Map.copyOf(silentFor);
        this.groups = new GroupViews(nodes);
    }

    public List<NodeView> nodes() {
        return nodes;
    }

    public Map<String, Duration> silentFor() {
        return silentFor;
    }

    public boolean allReachable() {
        return nodes.stream().allMatch(NodeView::reachable);
    }

    /** What the leaders say of their groups. */
    public Map<GroupId, ReplicaInfo> leaders() {
        return groups.leaders();
    }

    /** Every replica of every group, by group and node id. */
    public Map<GroupId, Map<String, ReplicaInfo>> replicas() {
        return groups.replicas();
    }

    /** Names of the nodes that answer and have replicas, of groups that all have no leader. */
    public Set<String> leaderless() {
        Map<GroupId, ReplicaInfo> leaders = leaders();
        return nodes.stream()
                .filter(node -> !node.replicas().isEmpty()
                        && node.replicas().stream()
                                .noneMatch(replica -> leaders.containsKey(GroupId.of(replica.getGroupId()))))
                .flatMap(node -> node.info().stream())
                .map(NodeInfo::getName)
                .collect(Collectors.toSet());
    }

    /** Groups that lost their majority and were recovered, and what they are called now. */
    public Map<GroupId, GroupId> successors() {
        return groups.successors();
    }

    /** Ids of all members that any replica knows of. */
    public Set<String> members() {
        return membersOf(nodes);
    }

    /** Ids of all members that any replica on these nodes knows of. */
    static Set<String> membersOf(List<NodeView> nodes) {
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
        Map<String, ReplicaInfo> present = groups.replicas(group);
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
