package io.moorage.client.membership;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Evens out how many replicas nodes hold and how many groups they should lead, a few moves at a time. It is for when
 * {@link MembershipPlanner} has nothing to do: only groups whose members are all well are touched. Pure: plans from what the
 * nodes said, so that it can be stopped and taken up at any point.
 */
public final class Rebalance {
    /** A difference of one cannot be evened out. */
    private static final int WORTH_IT = 2;
    /** Entries of the log. Nobody writes while the next leader catches up with the rest. */
    private static final long CLOSE_BEHIND = 1000;

    private final MembershipPolicy policy;
    private final GroupViews groups;
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Integer> preferred = new HashMap<>();

    public Rebalance(MembershipPolicy policy, List<NodeView> views) {
        this.policy = policy;
        this.groups = new GroupViews(views);
        groups.leaders().values().forEach(leader -> {
            leader.getMembersList().forEach(member -> held.merge(member.getNodeId(), 1, Integer::sum));
            preferredOf(leader).ifPresent(id -> preferred.merge(id, 1, Integer::sum));
        });
    }

    /**
     * Replicas to move.
     *
     * @param maxMoves how many may be on their way at once, those included that are already
     */
    public List<MembershipStep> plan(int maxMoves) {
        List<MembershipStep> steps = new ArrayList<>();
        int moving = 0;
        for (Map.Entry<GroupId, ReplicaInfo> group : groups.leaders().entrySet()) {
            boolean well = isWell(group.getKey(), group.getValue());
            Optional<String> joining = joining(group.getKey());
            if (!well || joining.isPresent()) {
                moving++;
            }
            if (well && joining.isPresent()) {
                steps.add(goOn(group.getKey(), group.getValue(), joining.get()));
            }
        }
        if (moving < maxMoves) {
            startMove().ifPresent(steps::add);
        }
        return steps;
    }

    /**
     * When no replica is to be moved: evens out how many groups nodes should lead, one at a time, and hands leadership to those who
     * should have it and have not. Ratis does that only at a moment when that one has everything, and there is none while many
     * write.
     */
    public List<MembershipStep> leaders() {
        List<MembershipStep> steps = new ArrayList<>();
        boolean calm = groups.leaders().entrySet().stream().allMatch(group -> isCalm(group.getKey(), group.getValue()));
        if (calm) {
            evenLeaders().ifPresent(steps::add);
        }
        groups.leaders().forEach((group, leader) -> {
            boolean evened = steps.stream().anyMatch(step -> step.group().equals(group));
            if (!evened && isWell(group, leader)) {
                toItsPlace(group, leader).ifPresent(steps::add);
            }
        });
        return steps;
    }

    /** An empty replica was made ready: it takes the place of the member whose node holds most, or is not wanted any more. */
    private MembershipStep goOn(GroupId group, ReplicaInfo leader, String to) {
        Optional<Member> fullest = leader.getMembersList().stream()
                .filter(member -> heldBy(member.getNodeId()) - heldBy(to) >= WORTH_IT)
                .filter(member -> !crowdsZone(leader, member.getNodeId(), to))
                .max(Comparator.<Member>comparingInt(m -> heldBy(m.getNodeId())).thenComparing(Member::getNodeId));
        if (fullest.isEmpty()) {
            return new MembershipStep.Remove(
                    group,
                    groups.nodes().get(to).address(),
                    leader.getMembersList(),
                    false,
                    "its replica was to move to " + to + ", which is not needed now");
        }
        Member from = fullest.get();
        String why = from.getNodeId() + " holds more replicas than " + to;
        // What is planned after this reckons with it.
        held.merge(from.getNodeId(), -1, Integer::sum);
        held.merge(to, 1, Integer::sum);
        if (leader.getLeaderNodeId().equals(from.getNodeId()) && leader.getMembersCount() > 1) {
            return handOver(group, leader, why);
        }
        NodeInfo info = groups.nodes().get(to).info().orElseThrow();
        List<Member> members = leader.getMembersList().stream()
                .map(member -> member.equals(from) ? Members.on(info, from.getPriority()) : member)
                .toList();
        return new MembershipStep.Reconfigure(group, Members.ids(leader), members, why);
    }

    /** Nobody has to wait for an election then, and the replica can go in the next round. */
    private MembershipStep handOver(GroupId group, ReplicaInfo leader, String why) {
        return leader.getMembersList().stream()
                .map(Member::getNodeId)
                .filter(id -> !id.equals(leader.getLeaderNodeId()))
                .min(Comparator.<String, Boolean>comparing(id -> !mayLead(id))
                        .thenComparing(this::leadsOf)
                        .thenComparing(id -> id))
                .<MembershipStep>map(id -> new MembershipStep.MoveLeader(group, id, why))
                .orElseThrow();
    }

    private Optional<MembershipStep> startMove() {
        List<String> takers = groups.nodes().values().stream()
                .map(view -> view.info().orElseThrow())
                .filter(info -> policy.takesReplicas(info.getName()))
                .map(NodeInfo::getId)
                .sorted(Comparator.<String>comparingInt(this::heldBy).thenComparing(id -> id))
                .toList();
        List<String> givers = groups.nodes().keySet().stream()
                .sorted(Comparator.<String>comparingInt(id -> -heldBy(id)).thenComparing(id -> id))
                .toList();
        for (String from : givers) {
            for (String to : takers) {
                if (heldBy(from) - heldBy(to) < WORTH_IT) {
                    break;
                }
                Optional<GroupId> group = cheapest(from, to);
                if (group.isPresent()) {
                    return Optional.of(new MembershipStep.Prepare(
                            group.get(), groups.nodes().get(to).address(), from + " holds more replicas than " + to));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<GroupId> cheapest(String from, String to) {
        return groups.leaders().entrySet().stream()
                .filter(group -> isCalm(group.getKey(), group.getValue()))
                .filter(group -> Members.ids(group.getValue()).contains(from)
                        && !groups.replicas(group.getKey()).containsKey(to))
                .filter(group -> freeOn(to) > 2 * group.getValue().getStoredBytes())
                .filter(group -> !crowdsZone(group.getValue(), from, to))
                .min(Comparator.comparingLong((Map.Entry<GroupId, ReplicaInfo> group) ->
                                group.getValue().getStoredBytes())
                        .thenComparing(group -> group.getKey().toString()))
                .map(Map.Entry::getKey);
    }

    /** Whether another member is in the zone that the replica would go to, while none is where it is now. */
    private boolean crowdsZone(ReplicaInfo leader, String from, String to) {
        return inZone(leader, zone(to), from) > inZone(leader, zone(from), from);
    }

    private long inZone(ReplicaInfo leader, String zone, String except) {
        return zone.isEmpty()
                ? 0
                : Members.ids(leader).stream()
                        .filter(id -> !id.equals(except) && zone.equals(zone(id)))
                        .count();
    }

    private Optional<MembershipStep> evenLeaders() {
        for (Map.Entry<GroupId, ReplicaInfo> group : groups.leaders().entrySet()) {
            ReplicaInfo leader = group.getValue();
            Optional<String> now = preferredOf(leader);
            Optional<Member> better = leader.getMembersList().stream()
                    .filter(member -> mayLead(member.getNodeId()))
                    .filter(member -> isCloseBehind(group.getKey(), leader, member.getNodeId()))
                    .min(Comparator.<Member>comparingInt(m -> leadsOf(m.getNodeId()))
                            .thenComparing(Member::getNodeId));
            if (better.isEmpty() || now.equals(better.map(Member::getNodeId))) {
                continue;
            }
            boolean unfit = now.isEmpty() || !policy.takesReplicas(Members.nameOf(now.get()));
            if (unfit || leadsOf(now.get()) - leadsOf(better.get().getNodeId()) >= WORTH_IT) {
                return Optional.of(new MembershipStep.MoveLeader(
                        group.getKey(),
                        better.get().getNodeId(),
                        better.get().getNodeId() + " leads fewer groups than " + now.orElse("the others")));
            }
        }
        return Optional.empty();
    }

    private Optional<MembershipStep> toItsPlace(GroupId group, ReplicaInfo leader) {
        return preferredOf(leader)
                .filter(id -> !id.equals(leader.getLeaderNodeId()))
                .filter(this::mayLead)
                .filter(id -> isCloseBehind(group, leader, id))
                .map(id -> new MembershipStep.MoveLeader(
                        group, id, "that node should lead it and can, and " + leader.getLeaderNodeId() + " does"));
    }

    private boolean mayLead(String id) {
        return policy.takesReplicas(Members.nameOf(id)) && !groups.isFull(id);
    }

    private boolean isCloseBehind(GroupId group, ReplicaInfo leader, String id) {
        return groups.replicas(group).get(id).getLastLogIndex() >= leader.getLastLogIndex() - CLOSE_BEHIND;
    }

    /**
     * When there is nothing to even out: hands leadership of one group from the busiest node to another, perhaps for that of a
     * less busy group, so that every node still leads as many groups as it should. See {@link LeaderLoads} for when it is worth
     * it. What was moved has to settle before this is asked again.
     */
    public List<MembershipStep> relieve() {
        boolean settled = groups.leaders().entrySet().stream()
                .allMatch(group -> isWell(group.getKey(), group.getValue())
                        && preferredOf(group.getValue())
                                .equals(Optional.of(group.getValue().getLeaderNodeId())));
        if (!settled) {
            return List.of();
        }
        LeaderLoads loads = new LeaderLoads(
                groups.leaders(), id -> mayLead(id) && groups.nodes().containsKey(id));
        List<LeaderLoads.Move> moves = loads.exchange();
        boolean smooth = moves.stream()
                .allMatch(move -> isCloseBehind(move.group(), groups.leaders().get(move.group()), move.to()));
        if (!smooth) {
            return List.of();
        }
        return moves.stream()
                .<MembershipStep>map(move -> new MembershipStep.MoveLeader(move.group(), move.to(), move.why()))
                .toList();
    }

    /** Well, and nobody is to join. */
    private boolean isCalm(GroupId group, ReplicaInfo leader) {
        return isWell(group, leader) && joining(group).isEmpty();
    }

    private boolean isWell(GroupId group, ReplicaInfo leader) {
        Map<String, ReplicaInfo> present = groups.replicas(group);
        return leader.getMembersList().stream().allMatch(member -> {
                    ReplicaInfo replica = present.get(member.getNodeId());
                    return replica != null
                            && replica.getState() == ReplicaState.REPLICA_STATE_READY
                            && replica.getMissingExtents() == 0;
                })
                && present.entrySet().stream()
                        .allMatch(replica -> Members.ids(leader).contains(replica.getKey())
                                || replica.getValue().getState() == ReplicaState.REPLICA_STATE_JOINING);
    }

    private Optional<String> joining(GroupId group) {
        return groups.replicas(group).entrySet().stream()
                .filter(replica -> replica.getValue().getState() == ReplicaState.REPLICA_STATE_JOINING)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Optional<String> preferredOf(ReplicaInfo leader) {
        return leader.getMembersList().stream()
                .filter(member -> member.getPriority() > 0)
                .max(Comparator.comparingInt(Member::getPriority))
                .map(Member::getNodeId);
    }

    private int heldBy(String id) {
        return held.getOrDefault(id, 0);
    }

    private int leadsOf(String id) {
        return preferred.getOrDefault(id, 0);
    }

    private long freeOn(String id) {
        return groups.nodes().get(id).info().orElseThrow().getFreeBytes();
    }

    private String zone(String id) {
        NodeView view = groups.nodes().get(id);
        return view == null ? "" : view.info().orElseThrow().getZone();
    }
}
