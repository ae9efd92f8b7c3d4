package io.moorage.client.control;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Chooses the group of a new volume. */
final class Placement {
    record Choice(GroupId group, int replicas) {}

    private Placement() {}

    /**
     * The least loaded group with that many members whose leader is not on a cordoned node.
     *
     * @param replicas 0 = as many as the cluster's groups have
     */
    static Choice choose(List<NodeView> nodes, int replicas, Map<String, NodeRecord> records) {
        Set<Integer> offered = new TreeSet<>();
        record Candidate(ReplicaInfo leader, boolean cordoned) {}
        List<Candidate> candidates = nodes.stream()
                .filter(NodeView::reachable)
                .flatMap(node -> node.replicas().stream()
                        .filter(r -> r.getRole() == Role.ROLE_LEADER)
                        .map(r -> new Candidate(
                                r,
                                records.getOrDefault(node.info().orElseThrow().getName(), NodeRecord.NONE)
                                        .cordoned())))
                .peek(candidate -> offered.add(candidate.leader.getMembersCount()))
                .filter(candidate -> replicas == 0 || candidate.leader.getMembersCount() == replicas)
                .toList();
        return candidates.stream()
                .min(Comparator.comparing(Candidate::cordoned)
                        .thenComparingLong(c -> c.leader.getStoredBytes() / (64L << 20))
                        .thenComparingLong(c -> c.leader.getVolumes())
                        .thenComparing(c -> c.leader.getGroupId().toStringUtf8()))
                .map(c -> new Choice(GroupId.of(c.leader.getGroupId()), c.leader.getMembersCount()))
                .orElseThrow(() -> offered.isEmpty()
                        ? new MoorageException(
                                ErrorCode.ERROR_CODE_UNAVAILABLE, "no group has a leader now; try again in a moment")
                        : new MoorageException(
                                ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                                "replicas is " + replicas + "; this cluster has groups with " + offered
                                        + " replicas: choose one of these"));
    }
}
