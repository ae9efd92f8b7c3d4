package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ApiStatus;
import io.moorage.crds.v1alpha1.cluster.GroupMember;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.crds.v1alpha1.cluster.MaintenanceMode;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.NodeStatusBuilder;
import io.moorage.operator.cluster.groups.GroupPlan;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.naming.Names;
import io.moorage.operator.status.Replicas;
import io.moorage.operator.volume.ApiEndpoints;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The lists of a cluster's status: its nodes, groups and API servers, from what was observed. */
final class ClusterStatuses {
    private final StorageCluster cluster;
    private final Observation observed;
    private final Collection<Pod> pods;
    private final Instant now;

    ClusterStatuses(StorageCluster cluster, Observation observed, Collection<Pod> pods, Instant now) {
        this.cluster = cluster;
        this.observed = observed;
        this.pods = pods;
        this.now = now;
    }

    /** @param leaving names of nodes that are drained to be taken away */
    List<NodeStatus> nodes(Set<String> leaving) {
        List<NodeStatus> statuses = new ArrayList<>();
        Map<String, Integer> led = new HashMap<>();
        observed.leaders().values().forEach(leader -> led.merge(leader.getLeaderNodeId(), 1, Integer::sum));
        for (int ordinal = 0; ordinal < observed.nodes().size(); ordinal++) {
            NodeView view = observed.nodes().get(ordinal);
            String name = Names.node(cluster, ordinal);
            Optional<NodeInfo> info = view.info();
            Optional<NodeStatus> before = before(name);
            String id =
                    info.map(NodeInfo::getId).orElse(before.map(NodeStatus::id).orElse(null));
            statuses.add(new NodeStatus(
                    name,
                    id,
                    info.map(NodeInfo::getZone).filter(zone -> !zone.isEmpty()).orElse(null),
                    machine(name),
                    state(name, view, leaving),
                    info.map(NodeInfo::getVersion).orElse(null),
                    view.replicas().size(),
                    led.getOrDefault(id, 0),
                    info.map(i -> rounded(i.getCapacityBytes())).orElse(null),
                    info.map(i -> free(i, before)).orElse(null),
                    view.reachable() ? null : since(before),
                    info.filter(NodeInfo::hasScrub)
                            .map(i -> Scrubs.status(i.getScrub()))
                            .or(() -> before.map(NodeStatus::scrub))
                            .orElse(null)));
        }
        observed.members().stream()
                .map(Members::nameOf)
                .distinct()
                .filter(name -> statuses.stream().noneMatch(node -> node.name().equals(name)))
                .sorted()
                .forEach(name -> statuses.add(absent(name)));
        return statuses;
    }

    /** A group counts on it, and there is no such pod: as long as it is told of, it is known since when. */
    private NodeStatus absent(String name) {
        Optional<NodeStatus> before = before(name);
        return NodeStatusBuilder.builder()
                .name(name)
                .id(before.map(NodeStatus::id).orElse(null))
                .state("Unreachable")
                .silentSince(since(before))
                .scrub(before.map(NodeStatus::scrub).orElse(null))
                .build();
    }

    /** A status that changes with every byte would be written all the time. */
    static long rounded(long bytes) {
        long unit = 16L << 20;
        return bytes / unit * unit;
    }

    /** Told anew when it has changed by half a percent of the disk. */
    private static long free(NodeInfo info, Optional<NodeStatus> before) {
        return before.map(NodeStatus::freeBytes)
                .filter(told -> Math.abs(info.getFreeBytes() - told) < info.getCapacityBytes() / 200)
                .orElse(rounded(info.getFreeBytes()));
    }

    private String since(Optional<NodeStatus> before) {
        return before.map(NodeStatus::silentSince)
                .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private Optional<NodeStatus> before(String name) {
        return cluster.getStatus() == null
                ? Optional.empty()
                : cluster.getStatus().nodes().stream()
                        .filter(node -> node.name().equals(name))
                        .findFirst();
    }

    private String machine(String name) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getName().equals(name))
                .map(pod -> pod.getSpec().getNodeName())
                .filter(machine -> machine != null && !machine.isEmpty())
                .findFirst()
                .orElse(null);
    }

    private String state(String name, NodeView view, Set<String> leaving) {
        if (!view.reachable()) {
            boolean runs = pods.stream()
                    .anyMatch(pod -> pod.getMetadata().getName().equals(name)
                            && pod.getStatus() != null
                            && "Running".equals(pod.getStatus().getPhase()));
            return runs ? "Unreachable" : "Pending";
        }
        boolean drains = leaving.contains(name) || maintenance(name, MaintenanceMode.DRAIN);
        if (drains) {
            return view.replicas().isEmpty() ? "Drained" : "Draining";
        }
        if (maintenance(name, MaintenanceMode.CORDON)) {
            return "Cordoned";
        }
        return switch (view.info().orElseThrow().getState()) {
            case NODE_STATE_FULL -> "Full";
            case NODE_STATE_STOPPING -> "Stopping";
            default -> "Ready";
        };
    }

    private boolean maintenance(String name, MaintenanceMode mode) {
        return cluster.getSpec().maintenance().stream()
                .anyMatch(each -> each.node().equals(name) && each.mode() == mode);
    }

    List<GroupStatus> groups(GroupPlan plan, GroupWork work) {
        Map<GroupId, ReplicaInfo> leaders = observed.leaders();
        Map<GroupId, Map<String, ReplicaInfo>> replicas = observed.replicas();
        Map<String, GroupStatus> statuses = new TreeMap<>();
        if (cluster.getStatus() != null) {
            // What nobody tells of now is not gone: it is remembered, without its members' states.
            cluster.getStatus().groups().stream()
                    .filter(group -> !plan.isGone(GroupId.parse(group.id()), observed)
                            && !plan.isFormer(GroupId.parse(group.id())))
                    .forEach(group -> statuses.put(group.id(), silent(group)));
        }
        replicas.forEach((group, each) -> {
            ReplicaInfo teller = leaders.containsKey(group)
                    ? leaders.get(group)
                    : each.values().stream()
                            .max(Comparator.comparingLong(ReplicaInfo::getTerm)
                                    .thenComparingInt(ReplicaInfo::getMembersCount))
                            .orElseThrow();
            if (teller.getMembersCount() > 0) {
                statuses.put(group.toString(), group(group, teller, leaders.containsKey(group), each, plan, work));
            }
        });
        return List.copyOf(statuses.values());
    }

    private static GroupStatus silent(GroupStatus group) {
        return new GroupStatus(
                group.id(),
                group.replicas(),
                0,
                null,
                group.system(),
                group.dedicated(),
                group.volumes(),
                group.storedBytes(),
                null,
                group.members().stream()
                        .map(member ->
                                new GroupMember(member.node(), member.nodeId(), "Unknown", "Unreachable", null, null))
                        .toList(),
                group.formerIds());
    }

    /** What was told once is remembered, whoever answers. */
    private List<String> formerIds(GroupId id, Map<String, ReplicaInfo> replicas) {
        TreeSet<String> ids = new TreeSet<>();
        if (cluster.getStatus() != null) {
            for (GroupStatus group : cluster.getStatus().groups()) {
                boolean former = predecessors(replicas).contains(GroupId.parse(group.id()));
                if (former || group.id().equals(id.toString())) {
                    ids.addAll(group.formerIds());
                }
            }
        }
        predecessors(replicas).forEach(group -> ids.add(group.toString()));
        return List.copyOf(ids);
    }

    private static Set<GroupId> predecessors(Map<String, ReplicaInfo> replicas) {
        return replicas.values().stream()
                .flatMap(replica -> replica.getPredecessorsList().stream())
                .map(GroupId::of)
                .collect(Collectors.toSet());
    }

    /** It stays so when its volume is gone: no other is put into it. */
    private boolean isDedicated(GroupId id, GroupPlan plan) {
        return plan.wanted(id).isPresent()
                ? plan.wanted(id).get().dedicated()
                : cluster.getStatus() != null
                        && cluster.getStatus().groups().stream()
                                .anyMatch(group ->
                                        plan.current(GroupId.parse(group.id())).equals(id)
                                                && Boolean.TRUE.equals(group.dedicated()));
    }

    private GroupStatus group(
            GroupId id,
            ReplicaInfo teller,
            boolean led,
            Map<String, ReplicaInfo> replicas,
            GroupPlan plan,
            GroupWork work) {
        List<GroupMember> members = teller.getMembersList().stream()
                .sorted(Comparator.comparing(Member::getNodeId))
                .map(member -> member(member, teller, led, replicas.get(member.getNodeId())))
                .toList();
        return new GroupStatus(
                id.toString(),
                plan.replicas(id, teller.getMembersCount()),
                (int) members.stream()
                        .filter(member -> member.state().equals("Ready"))
                        .count(),
                led ? Members.nameOf(teller.getLeaderNodeId()) : null,
                teller.getSystem() ? Boolean.TRUE : null,
                isDedicated(id, plan) ? Boolean.TRUE : null,
                (int) teller.getVolumes(),
                rounded(teller.getStoredBytes()),
                work.underWay(id).orElse(null),
                members,
                formerIds(id, replicas));
    }

    private static GroupMember member(Member member, ReplicaInfo teller, boolean led, ReplicaInfo replica) {
        return new GroupMember(
                Members.nameOf(member.getNodeId()),
                member.getNodeId(),
                Replicas.role(replica),
                Replicas.state(replica),
                replica == null || !led || replica.getRole() == Role.ROLE_LEADER
                        ? null
                        : Replicas.lag(teller.getCommitIndex(), replica.getAppliedIndex()),
                replica == null ? null : replica.getMissingExtents());
    }

    /** @param pods of API servers */
    static ApiStatus api(StorageCluster cluster, Optional<Deployment> deployment, Collection<Pod> pods) {
        Integer ready = deployment
                .map(d -> d.getStatus())
                .map(status -> status.getReadyReplicas())
                .orElse(0);
        Integer wanted = deployment
                .map(d -> d.getSpec().getReplicas())
                .orElse(cluster.getSpec().api().replicas());
        return new ApiStatus(wanted, ready, ApiEndpoints.of(cluster, pods), ApiEndpoints.s3(cluster, pods), null);
    }
}
