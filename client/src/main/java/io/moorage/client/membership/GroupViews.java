package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.NodeState;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the nodes said, by group and by node id. A replica of a group that lost its majority and went on as another one is no
 * replica of anything any more, whatever its node says. Immutable.
 */
public final class GroupViews {
    private final Map<String, NodeView> nodes = new TreeMap<>();
    private final Map<GroupId, GroupId> successors = new HashMap<>();
    private final Map<GroupId, ReplicaInfo> leaders = new TreeMap<>(Comparator.comparing(GroupId::toString));
    private final Map<GroupId, Map<String, ReplicaInfo>> replicas =
            new TreeMap<>(Comparator.comparing(GroupId::toString));

    public GroupViews(List<NodeView> views) {
        for (NodeView view : views) {
            view.replicas()
                    .forEach(replica -> replica.getPredecessorsList()
                            .forEach(group -> successors.put(GroupId.of(group), GroupId.of(replica.getGroupId()))));
        }
        for (NodeView view : views) {
            view.info().ifPresent(info -> {
                nodes.put(info.getId(), view);
                for (ReplicaInfo replica : view.replicas()) {
                    GroupId group = GroupId.of(replica.getGroupId());
                    if (successors.containsKey(group)) {
                        continue;
                    }
                    replicas.computeIfAbsent(group, id -> new TreeMap<>()).put(info.getId(), replica);
                    if (replica.getRole() == Role.ROLE_LEADER) {
                        leaders.merge(group, replica, (a, b) -> a.getTerm() >= b.getTerm() ? a : b);
                    }
                }
            });
        }
    }

    /** Groups that went on as others, and what they are called now. */
    public Map<GroupId, GroupId> successors() {
        return Collections.unmodifiableMap(successors);
    }

    /** The nodes that answered, by id and in its order. */
    public Map<String, NodeView> nodes() {
        return Collections.unmodifiableMap(nodes);
    }

    /** What leaders say of their groups; of two that claim one, the later elected. Ordered by group. */
    public Map<GroupId, ReplicaInfo> leaders() {
        return Collections.unmodifiableMap(leaders);
    }

    /** Every replica of every group, by node id. Ordered by group and node id. */
    public Map<GroupId, Map<String, ReplicaInfo>> replicas() {
        return Collections.unmodifiableMap(replicas);
    }

    /** The replicas of a group by node id; empty if no node that answered has one. */
    public Map<String, ReplicaInfo> replicas(GroupId group) {
        return replicas.getOrDefault(group, Map.of());
    }

    /** Whether the node answered that its disk is full. */
    boolean isFull(String nodeId) {
        NodeView node = nodes.get(nodeId);
        return node != null && node.info().orElseThrow().getState() == NodeState.NODE_STATE_FULL;
    }
}
