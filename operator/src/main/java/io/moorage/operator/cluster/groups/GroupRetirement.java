package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;
import io.moorage.client.membership.MembershipStep;
import io.moorage.operator.cluster.Observation;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Takes away groups that belonged to volumes which are gone, member by member. Only when every node answers: one that comes back
 * later with a replica of a group that nobody knows would keep it for ever. The last member goes by a call that its node refuses
 * if there is a volume in the group after all, so that a volume which is made meanwhile is safe. Pure.
 */
final class GroupRetirement {
    private static final String WHY = "its volume is gone, and it holds none";

    private final GroupPlan plan;
    private final Observation observed;

    GroupRetirement(GroupPlan plan, Observation observed) {
        this.plan = plan;
        this.observed = observed;
    }

    /** One step at most for each of them. */
    List<MembershipStep> steps() {
        List<MembershipStep> steps = new ArrayList<>();
        if (observed.allReachable()) {
            observed.leaders().forEach((group, leader) -> {
                if (plan.retires(group) && leader.getVolumes() == 0 && !leader.getSystem()) {
                    next(group, leader).ifPresent(steps::add);
                }
            });
        }
        return steps;
    }

    private Optional<MembershipStep> next(GroupId group, ReplicaInfo leader) {
        List<String> ids =
                leader.getMembersList().stream().map(Member::getNodeId).toList();
        if (ids.size() == 1) {
            // What is left of the others goes first: without a leader nobody could tell that it may.
            return observed.replicas().get(group).size() == 1
                    ? addressOf(ids.get(0))
                            .map(address ->
                                    new MembershipStep.Remove(group, address, leader.getMembersList(), true, WHY))
                    : Optional.empty();
        }
        return ids.stream()
                .filter(id -> !id.equals(leader.getLeaderNodeId()))
                .max(Comparator.naturalOrder())
                .map(leaving -> new MembershipStep.Reconfigure(
                        group,
                        ids,
                        leader.getMembersList().stream()
                                .filter(member -> !member.getNodeId().equals(leaving))
                                .toList(),
                        WHY));
    }

    private Optional<String> addressOf(String nodeId) {
        return observed.nodes().stream()
                .filter(node ->
                        node.info().filter(info -> info.getId().equals(nodeId)).isPresent())
                .map(node -> node.address())
                .findFirst();
    }
}
