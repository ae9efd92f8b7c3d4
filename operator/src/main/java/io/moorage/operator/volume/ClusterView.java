package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupViews;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.NodeState;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a cluster's nodes and groups said when they were asked together. Thread-safe. */
public final class ClusterView {
    private final Instant began;
    private final List<NodeView> nodes;
    private final Map<GroupId, GroupView> groups;
    private final Map<GroupId, GroupId> successors;

    /** @param began when the first was asked */
    ClusterView(Instant began, List<NodeView> nodes, Map<GroupId, GroupView> groups) {
        this.successors = new GroupViews(nodes).successors();
        this.began = began;
        this.nodes = List.copyOf(nodes);
        this.groups = Map.copyOf(groups);
    }

    /** What happened before this is in the view. */
    public Instant began() {
        return began;
    }

    public Optional<GroupView> group(GroupId id) {
        return Optional.ofNullable(groups.get(id));
    }

    /** Groups that were recovered under other ids, and what they are called now. */
    public Map<GroupId, GroupId> successors() {
        return successors;
    }

    public Collection<GroupView> groups() {
        return groups.values();
    }

    /** Every node that is known answered: a group that is not in the view is nowhere. */
    public boolean complete() {
        return !nodes.isEmpty() && nodes.stream().allMatch(NodeView::reachable);
    }

    /** Names of the nodes whose disk is full: they refuse new data, and at last take no part in their groups. */
    public List<String> full() {
        return nodes.stream()
                .flatMap(node -> node.info().stream())
                .filter(node -> node.getState() == NodeState.NODE_STATE_FULL)
                .map(NodeInfo::getName)
                .toList();
    }

    /** Which nodes did not answer, and why; "" if all did. */
    public String silent() {
        return String.join(
                ", ",
                nodes.stream()
                        .filter(node -> !node.reachable())
                        .map(node -> node.address() + " (" + node.error() + ")")
                        .toList());
    }
}
