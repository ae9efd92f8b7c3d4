package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.cluster.Observation;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which groups are to be made now, and of whom. A group is made only when every node of the cluster answers and none knows
 * of it: one that a silent node may hold must not be made a second time.
 */
public final class GroupFounder {
    /**
     * Make a group on these nodes.
     *
     * @param addresses of the members' services, in the order of the members
     */
    public record Founding(GroupId group, List<String> addresses, List<Member> members) {}

    /**
     * @param waiting why what is wanted cannot be made now
     */
    public record Result(List<Founding> foundings, Optional<String> waiting) {}

    private final StorageCluster cluster;
    private final GroupPlan plan;
    private final Observation observed;
    private final MembershipPolicy policy;
    private final Map<String, Integer> held = new HashMap<>();
    private final Map<String, Integer> preferred = new HashMap<>();

    public GroupFounder(StorageCluster cluster, GroupPlan plan, Observation observed, MembershipPolicy policy) {
        this.cluster = cluster;
        this.plan = plan;
        this.observed = observed;
        this.policy = policy;
        observed.replicas()
                .values()
                .forEach(replicas -> replicas.values().stream()
                        .map(ReplicaInfo::getMembersList)
                        .max(Comparator.comparingInt(Collection::size))
                        .ifPresent(this::count));
    }

    private void count(List<Member> members) {
        for (Member member : members) {
            held.merge(member.getNodeId(), 1, Integer::sum);
            if (member.getPriority() > 0) {
                preferred.merge(member.getNodeId(), 1, Integer::sum);
            }
        }
    }

    public Result decide() {
        List<Founding> foundings = new ArrayList<>();
        Map<GroupId, Map<String, ReplicaInfo>> present = observed.replicas();
        Optional<String> waiting = Optional.empty();
        for (Wanted wanted : plan.wanted()) {
            Map<String, ReplicaInfo> replicas = present.get(wanted.id());
            if (replicas != null) {
                goOn(wanted.id(), replicas).ifPresent(foundings::add);
                continue;
            }
            Optional<String> obstacle = obstacle(wanted);
            if (obstacle.isPresent()) {
                waiting = obstacle;
                continue;
            }
            foundings.add(found(wanted));
        }
        return new Result(foundings, waiting);
    }

    private Optional<String> obstacle(Wanted wanted) {
        List<String> silent = observed.nodes().stream()
                .filter(node -> !node.reachable())
                .map(NodeView::address)
                .toList();
        if (!silent.isEmpty()) {
            return Optional.of("groups are made when all storage nodes answer; these do not: " + silent);
        }
        if (plan.wasThere(cluster, wanted.id())) {
            return Optional.of("no storage node has group " + wanted.id()
                    + " any more, which held data: it is not made again; bring back the disks of its nodes");
        }
        if (observed.nodes().size() < cluster.getSpec().nodes()) {
            return Optional.of("groups are made when all " + cluster.getSpec().nodes() + " storage nodes are there; "
                    + observed.nodes().size() + " are");
        }
        long takers = takers().size();
        return takers < wanted.replicas()
                ? Optional.of(
                        "a group of " + wanted.replicas() + " replicas needs as many storage nodes that take replicas; "
                                + takers + " do: raise spec.nodes")
                : Optional.empty();
    }

    private List<NodeInfo> takers() {
        return observed.nodes().stream()
                .flatMap(node -> node.info().stream())
                .filter(info -> policy.takesReplicas(info.getName()))
                .toList();
    }

    private Founding found(Wanted wanted) {
        List<NodeInfo> chosen = new ArrayList<>();
        List<NodeInfo> rest = new ArrayList<>(takers());
        while (chosen.size() < wanted.replicas()) {
            NodeInfo next = rest.stream()
                    .min(Comparator.<NodeInfo>comparingLong(info -> sameZone(chosen, info))
                            .thenComparingInt(info -> held.getOrDefault(info.getId(), 0))
                            .thenComparing(NodeInfo::getName))
                    .orElseThrow();
            chosen.add(next);
            rest.remove(next);
        }
        String leader = chosen.stream()
                .min(Comparator.<NodeInfo>comparingInt(info -> preferred.getOrDefault(info.getId(), 0))
                        .thenComparing(NodeInfo::getName))
                .orElseThrow()
                .getId();
        List<Member> members = chosen.stream()
                .map(info -> Members.on(info, info.getId().equals(leader) ? 1 : 0))
                .toList();
        count(members);
        return new Founding(wanted.id(), members.stream().map(this::addressOf).toList(), members);
    }

    private static long sameZone(List<NodeInfo> chosen, NodeInfo info) {
        return info.getZone().isEmpty()
                ? 0
                : chosen.stream()
                        .filter(other -> other.getZone().equals(info.getZone()))
                        .count();
    }

    /**
     * One whose making was interrupted: a member answers under the id that the group knows it by, and has never heard of the
     * group. It cannot have forgotten it either: who loses its disk answers under another id. Making what is there already
     * changes nothing.
     */
    private Optional<Founding> goOn(GroupId group, Map<String, ReplicaInfo> replicas) {
        ReplicaInfo leader = observed.leaders().get(group);
        boolean begun = leader == null
                && replicas.values().stream()
                        .allMatch(replica -> replica.getMembersCount() > 0
                                && replica.getCommitIndex() == 0
                                && replica.getAppliedIndex() == 0
                                && replica.getLeaderNodeId().isEmpty());
        if (leader == null && !begun) {
            return Optional.empty();
        }
        List<Member> members =
                (leader != null ? leader : replicas.values().iterator().next()).getMembersList();
        List<Member> missing = members.stream()
                .filter(member -> !replicas.containsKey(member.getNodeId())
                        && !addressOf(member).isEmpty())
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Founding(
                        group, missing.stream().map(this::addressOf).toList(), members));
    }

    private String addressOf(Member member) {
        return observed.nodes().stream()
                .filter(node -> node.info()
                        .map(info -> info.getId().equals(member.getNodeId()))
                        .orElse(false))
                .map(NodeView::address)
                .findFirst()
                .orElse("");
    }
}
