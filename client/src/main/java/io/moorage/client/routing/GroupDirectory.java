package io.moorage.client.routing;

import io.moorage.client.GroupId;
import io.moorage.client.admin.ClusterAdmin;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which nodes hold a group, and which one leads it, as far as this client knows. It asks the nodes when it knows nothing or was
 * wrong, one question at a time however many wait for the answer. Thread-safe.
 */
public final class GroupDirectory {
    private static final Duration DESCRIBE_TIMEOUT = Duration.ofMillis(1500);
    private static final long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /**
     * @param leader node id, empty if unknown
     */
    public record Route(List<Member> members, Optional<String> leader) {
        public Optional<Member> leaderMember() {
            return leader.flatMap(
                    id -> members.stream().filter(m -> m.getNodeId().equals(id)).findFirst());
        }

        public int majority() {
            return members.size() / 2 + 1;
        }
    }

    private record Candidate(long term, Route route) {}

    private final ClusterAdmin admin;
    private final Object refreshing = new Object();
    private volatile Map<GroupId, Route> routes = Map.of();
    private volatile String unreachable = "";
    private volatile long refreshedNanos = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    public GroupDirectory(ClusterAdmin admin) {
        this.admin = admin;
    }

    /** Empty: no node that answers holds it. */
    public Optional<Route> route(GroupId group) {
        Route known = routes.get(group);
        if (known == null) {
            refresh();
            known = routes.get(group);
        }
        return Optional.ofNullable(known);
    }

    /** A node said who leads. */
    public void leaderIs(GroupId group, String nodeId) {
        synchronized (refreshing) {
            Route known = routes.get(group);
            if (known != null && !known.leader().equals(Optional.of(nodeId))) {
                put(group, new Route(known.members(), Optional.of(nodeId)));
            }
        }
    }

    /** The leader did not answer, or says that it is none. */
    public void leaderLost(GroupId group, String nodeId) {
        synchronized (refreshing) {
            Route known = routes.get(group);
            if (known != null && known.leader().equals(Optional.of(nodeId))) {
                put(group, new Route(known.members(), Optional.empty()));
            }
        }
    }

    /** Asks all nodes, unless somebody just did. */
    public void refresh() {
        synchronized (refreshing) {
            if (System.nanoTime() - refreshedNanos < MIN_AGE_NANOS) {
                return;
            }
            List<NodeView> nodes = admin.describe(DESCRIBE_TIMEOUT);
            Map<GroupId, Candidate> found = new HashMap<>();
            for (NodeView node : nodes) {
                for (ReplicaInfo replica : node.replicas()) {
                    consider(found, node, replica);
                }
            }
            Map<GroupId, Route> next = new HashMap<>(routes);
            found.forEach((group, candidate) -> next.put(group, candidate.route));
            routes = Map.copyOf(next);
            unreachable = nodes.stream()
                    .filter(node -> !node.reachable())
                    .map(NodeView::address)
                    .collect(Collectors.joining(", "));
            refreshedNanos = System.nanoTime();
        }
    }

    /** Addresses of nodes that did not answer the last question, for messages; may be empty. */
    public String unreachable() {
        return unreachable;
    }

    /** Who knows the newest term knows best. A leader is believed only from itself, or while it answers. */
    private static void consider(Map<GroupId, Candidate> found, NodeView node, ReplicaInfo replica) {
        if (replica.getMembersCount() == 0) {
            return;
        }
        GroupId group = GroupId.of(replica.getGroupId());
        Candidate known = found.get(group);
        boolean leads = replica.getRole() == io.moorage.protocol.v1.Role.ROLE_LEADER;
        Optional<String> leader = leads
                ? node.info().map(info -> info.getId())
                : Optional.of(replica.getLeaderNodeId()).filter(id -> !id.isEmpty());
        boolean better = known == null
                || replica.getTerm() > known.term
                || replica.getTerm() == known.term
                        && (leads || known.route.leader().isEmpty());
        if (better) {
            found.put(group, new Candidate(replica.getTerm(), new Route(replica.getMembersList(), leader)));
        }
    }

    private void put(GroupId group, Route route) {
        Map<GroupId, Route> next = new HashMap<>(routes);
        next.put(group, route);
        routes = Map.copyOf(next);
    }
}
