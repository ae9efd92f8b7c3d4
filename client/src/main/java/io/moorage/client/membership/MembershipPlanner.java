package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what to do next about the members of each group, from what the nodes say of themselves. Pure: equal input, equal
 * plan. At most one step per group; a step that changes members leaves a healthy majority of the old members in place.
 */
public final class MembershipPlanner {
    /** A member this far behind counts as healthy still. */
    private static final long MAX_LAG = 10_000;

    private final MembershipPolicy policy;
    private final List<NodeView> nodes;
    private final Map<String, Duration> silentFor;
    private final GroupViews groups;
    private final Map<String, NodeView> byName = new HashMap<>();

    /** @param silentFor node ids that do not answer, and for how long */
    public MembershipPlanner(MembershipPolicy policy, List<NodeView> nodes, Map<String, Duration> silentFor) {
        this.policy = policy;
        this.nodes = nodes;
        this.silentFor = silentFor;
        this.groups = new GroupViews(nodes);
        groups.nodes()
                .values()
                .forEach(node -> byName.put(node.info().orElseThrow().getName(), node));
    }

    /** One step at most for each group that has a leader; without one nothing can be changed. */
    public List<MembershipStep> plan() {
        List<MembershipStep> steps = new ArrayList<>();
        groups.leaders().forEach((group, leader) -> next(group, leader).ifPresent(steps::add));
        return steps;
    }

    private Optional<MembershipStep> next(GroupId group, ReplicaInfo leader) {
        // What cannot be done for one member must not keep another from being healed.
        Optional<MembershipStep> blocked = Optional.empty();
        for (Member member : leader.getMembersList()) {
            Optional<MembershipStep> step = replaceIfNeeded(group, leader, member);
            if (step.isPresent() && !(step.get() instanceof MembershipStep.Blocked)) {
                return step;
            }
            blocked = blocked.or(() -> step);
        }
        // What is in the way of nobody can wait until the group is whole.
        Optional<MembershipStep> missing = addIfShort(group, leader);
        Optional<MembershipStep> rest = missing.filter(step -> !(step instanceof MembershipStep.Blocked))
                .or(() -> removeLeftover(group, leader))
                .or(() -> missing)
                .or(() -> leadAsPreferred(group, leader));
        boolean possible = rest.isPresent() && !(rest.get() instanceof MembershipStep.Blocked);
        return possible ? rest : blocked.or(() -> rest);
    }

    private Optional<MembershipStep> replaceIfNeeded(GroupId group, ReplicaInfo leader, Member member) {
        String name = Members.nameOf(member.getNodeId());
        NodeView sameName = byName.get(name);
        boolean lostDisk =
                sameName != null && !sameName.info().orElseThrow().getId().equals(member.getNodeId());
        boolean gone = !groups.nodes().containsKey(member.getNodeId())
                && silentFor.getOrDefault(member.getNodeId(), Duration.ZERO).compareTo(policy.replaceAfter()) > 0;
        boolean draining = policy.draining().contains(name);
        ReplicaInfo replica = groups.replicas(group).get(member.getNodeId());
        boolean damaged = replica != null && replica.getState() == ReplicaState.REPLICA_STATE_DAMAGED;
        if (!lostDisk && !gone && !draining && !damaged) {
            return Optional.empty();
        }
        String why = lostDisk
                ? "node " + name + " came back without its data, as "
                        + sameName.info().orElseThrow().getId()
                : damaged
                        ? "the log of node " + name + " is damaged"
                        : gone
                                ? "node " + name + " has been silent for too long"
                                : "node " + name + " is being drained";
        if (lostDisk || damaged) {
            // Its former self goes first, and it joins when that is done: as long as the group believes in the former
            // self, the
            // new one, which has the same address, would get its messages, and answer for what it does not remember.
            return Optional.of(
                    safeWithout(group, leader, member.getNodeId())
                            ? without(group, leader, member, why)
                            : new MembershipStep.Blocked(
                                    group, why + "; it joins when a majority of the others is healthy"));
        }
        Optional<NodeView> target = roomFor(group, leader);
        if (target.isEmpty()) {
            return Optional.of(new MembershipStep.Blocked(
                    group, why + ", and no other node can take its replica: add a node, or uncordon one"));
        }
        // One that is well itself helps to bring its successor in.
        boolean safe = safeWithout(group, leader, member.getNodeId())
                || draining && healthy(group, leader, member.getNodeId()) && allHealthy(group, leader);
        if (!safe) {
            return Optional.of(new MembershipStep.Blocked(
                    group, why + "; its replica is replaced when a majority of the others is healthy"));
        }
        if (draining && leader.getMembersCount() > 1 && leader.getLeaderNodeId().equals(member.getNodeId())) {
            return healthyOther(group, leader, member.getNodeId())
                    .map(to -> new MembershipStep.MoveLeader(group, to, why));
        }
        return Optional.of(replace(group, leader, member, target.get(), why));
    }

    private static MembershipStep without(GroupId group, ReplicaInfo leader, Member old, String why) {
        return new MembershipStep.Reconfigure(
                group,
                Members.ids(leader),
                leader.getMembersList().stream()
                        .filter(member -> !member.getNodeId().equals(old.getNodeId()))
                        .toList(),
                why);
    }

    /** A group that lost a member gets another one: on the node that has waited longest for it, or has the most room. */
    private Optional<MembershipStep> addIfShort(GroupId group, ReplicaInfo leader) {
        int replicas = policy.replicas().applyAsInt(group);
        if (leader.getMembersCount() >= replicas) {
            return Optional.empty();
        }
        String why = "it has " + leader.getMembersCount() + " of " + replicas + " members";
        Optional<NodeView> prepared = nodes.stream()
                .filter(node -> node.info().isPresent()
                        && isWaiting(group, node.info().get().getId()))
                .findFirst();
        if (prepared.isEmpty()) {
            return roomFor(group, leader).map(node -> prepare(group, leader, node, why));
        }
        boolean healthy = leader.getMembersList().stream().allMatch(m -> healthy(group, leader, m.getNodeId()));
        if (!healthy) {
            return Optional.of(
                    new MembershipStep.Blocked(group, why + "; another one joins when the present ones are healthy"));
        }
        List<Member> members = new ArrayList<>(leader.getMembersList());
        members.add(Members.on(prepared.get().info().orElseThrow(), preferred(leader)));
        return Optional.of(new MembershipStep.Reconfigure(group, Members.ids(leader), members, why));
    }

    private boolean isWaiting(GroupId group, String nodeId) {
        ReplicaInfo replica = groups.replicas(group).get(nodeId);
        return replica != null && replica.getState() == ReplicaState.REPLICA_STATE_JOINING;
    }

    /** If nobody left is the one that should lead, the new one takes that over. */
    private static int preferred(ReplicaInfo leader) {
        return leader.getMembersList().stream().noneMatch(m -> m.getPriority() > 0) ? 1 : 0;
    }

    private MembershipStep replace(GroupId group, ReplicaInfo leader, Member old, NodeView target, String why) {
        NodeInfo info = target.info().orElseThrow();
        ReplicaInfo present = groups.replicas(group).get(info.getId());
        if (present == null || present.getState() != ReplicaState.REPLICA_STATE_JOINING) {
            return prepare(group, leader, target, why);
        }
        List<Member> members = leader.getMembersList().stream()
                .map(member ->
                        member.getNodeId().equals(old.getNodeId()) ? Members.on(info, old.getPriority()) : member)
                .toList();
        return new MembershipStep.Reconfigure(group, Members.ids(leader), members, why);
    }

    private MembershipStep prepare(GroupId group, ReplicaInfo leader, NodeView node, String why) {
        String id = node.info().orElseThrow().getId();
        // It was a member once, and is not; what it has left cannot take part any more. A damaged one is made anew in
        // place.
        return isInTheWay(groups.replicas(group).get(id))
                ? remove(group, leader, node, id + " is to join the group, and has remains of it")
                : new MembershipStep.Prepare(group, node.address(), why);
    }

    private static boolean isInTheWay(ReplicaInfo replica) {
        return replica != null && isRemains(replica) && replica.getState() != ReplicaState.REPLICA_STATE_DAMAGED;
    }

    private Optional<MembershipStep> removeLeftover(GroupId group, ReplicaInfo leader) {
        for (Map.Entry<String, ReplicaInfo> entry : groups.replicas(group).entrySet()) {
            boolean member =
                    leader.getMembersList().stream().anyMatch(m -> m.getNodeId().equals(entry.getKey()));
            if (!member && isRemains(entry.getValue())) {
                return Optional.of(remove(
                        group,
                        leader,
                        groups.nodes().get(entry.getKey()),
                        entry.getKey() + " is not a member any more"));
            }
        }
        return Optional.empty();
    }

    /** One that waits to be added is not left over; it has no members yet. One that takes no part has none to tell either. */
    private static boolean isRemains(ReplicaInfo replica) {
        return replica.getMembersCount() > 0
                || replica.getState() == ReplicaState.REPLICA_STATE_FAILED
                || replica.getState() == ReplicaState.REPLICA_STATE_DAMAGED;
    }

    private static MembershipStep remove(GroupId group, ReplicaInfo leader, NodeView node, String why) {
        return new MembershipStep.Remove(group, node.address(), leader.getMembersList(), false, why);
    }

    /** The member with the highest priority should lead, once it is fit to. Ratis sees to that; draining and full nodes are ours. */
    private Optional<MembershipStep> leadAsPreferred(GroupId group, ReplicaInfo leader) {
        boolean draining = policy.draining().contains(Members.nameOf(leader.getLeaderNodeId()));
        if (draining) {
            return healthyOther(group, leader, leader.getLeaderNodeId())
                    .map(to ->
                            new MembershipStep.MoveLeader(group, to, "its leader is on a node that is being drained"));
        }
        // A leader without room refuses what a majority of the others could take.
        return groups.isFull(leader.getLeaderNodeId())
                ? leader.getMembersList().stream()
                        .map(Member::getNodeId)
                        .filter(id -> !groups.isFull(id)
                                && !policy.draining().contains(Members.nameOf(id))
                                && healthy(group, leader, id))
                        .findFirst()
                        .map(to -> new MembershipStep.MoveLeader(group, to, "its leader's disk is full"))
                : Optional.empty();
    }

    private Optional<String> healthyOther(GroupId group, ReplicaInfo leader, String not) {
        return leader.getMembersList().stream()
                .map(Member::getNodeId)
                .filter(id -> !id.equals(not)
                        && !policy.draining().contains(Members.nameOf(id))
                        && healthy(group, leader, id))
                .findFirst();
    }

    /** Whether the healthy members without this one are a majority of the present ones. */
    private boolean safeWithout(GroupId group, ReplicaInfo leader, String nodeId) {
        long healthy = leader.getMembersList().stream()
                .filter(m -> !m.getNodeId().equals(nodeId) && healthy(group, leader, m.getNodeId()))
                .count();
        return healthy > leader.getMembersCount() / 2;
    }

    private boolean allHealthy(GroupId group, ReplicaInfo leader) {
        return leader.getMembersList().stream().allMatch(member -> healthy(group, leader, member.getNodeId()));
    }

    private boolean healthy(GroupId group, ReplicaInfo leader, String nodeId) {
        ReplicaInfo replica = groups.replicas(group).get(nodeId);
        return replica != null
                && replica.getState() == ReplicaState.REPLICA_STATE_READY
                && replica.getMissingExtents() == 0
                && leader.getCommitIndex() - replica.getAppliedIndex() <= MAX_LAG;
    }

    /** Where nothing is in the way, in another zone than the others, and few replicas are. */
    private Optional<NodeView> roomFor(GroupId group, ReplicaInfo leader) {
        return nodes.stream()
                .filter(NodeView::reachable)
                .filter(node -> {
                    NodeInfo info = node.info().orElseThrow();
                    boolean member = leader.getMembersList().stream()
                            .anyMatch(m -> Members.nameOf(m.getNodeId()).equals(info.getName()));
                    return !member
                            && policy.takesReplicas(info.getName())
                            && info.getFreeBytes() > 2 * leader.getStoredBytes();
                })
                .min(Comparator.<NodeView, Boolean>comparing(node -> isInTheWay(groups.replicas(group)
                                .get(node.info().orElseThrow().getId())))
                        .thenComparingLong(node -> inZoneOf(node, leader))
                        .thenComparingInt(node -> node.replicas().size())
                        .thenComparing(NodeView::address));
    }

    /** How many members of the group are in the zone of that node already: none is best. */
    private long inZoneOf(NodeView node, ReplicaInfo leader) {
        String zone = node.info().orElseThrow().getZone();
        return zone.isEmpty()
                ? 0
                : leader.getMembersList().stream()
                        .map(member -> groups.nodes().get(member.getNodeId()))
                        .filter(each -> each != null
                                && zone.equals(each.info().orElseThrow().getZone()))
                        .count();
    }
}
