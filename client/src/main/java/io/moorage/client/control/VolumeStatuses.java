package io.moorage.client.control;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.Volume;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges how a volume is doing from what the nodes say. */
public final class VolumeStatuses {
    private VolumeStatuses() {}

    /** @param replicas how many copies there should be; 0 = as many as its group has members */
    public static VolumeStatus of(Volume volume, GroupId group, int replicas, List<NodeView> nodes) {
        Map<String, ReplicaInfo> byNode = new HashMap<>();
        for (NodeView node : nodes) {
            node.info()
                    .ifPresent(info -> node.replicas().stream()
                            .filter(replica -> replica.getGroupId().equals(group.toBytes()))
                            .forEach(replica -> byNode.put(info.getId(), replica)));
        }
        Optional<ReplicaInfo> leader = byNode.values().stream()
                .filter(replica -> replica.getRole() == Role.ROLE_LEADER)
                .max(Comparator.comparingLong(ReplicaInfo::getTerm));
        List<Member> members = leader.or(
                        () -> byNode.values().stream().max(Comparator.comparingLong(ReplicaInfo::getTerm)))
                .map(ReplicaInfo::getMembersList)
                .orElse(List.of());
        List<VolumeStatus.ReplicaStatus> statuses = new ArrayList<>();
        int ready = 0;
        for (Member member : members) {
            VolumeStatus.ReplicaStatus status = replica(member, byNode.get(member.getNodeId()), leader);
            statuses.add(status);
            ready += status.state().equals("ready") ? 1 : 0;
        }
        if (leader.isEmpty()) {
            return new VolumeStatus(
                    volume,
                    group,
                    replicas,
                    VolumeStatus.Phase.UNAVAILABLE,
                    "its group has no leader: " + ready + " of " + members.size() + " replicas answer",
                    statuses);
        }
        boolean whole = ready >= members.size();
        return new VolumeStatus(
                volume,
                group,
                replicas == 0 ? members.size() : replicas,
                whole ? VolumeStatus.Phase.READY : VolumeStatus.Phase.DEGRADED,
                whole ? "" : ready + " of " + members.size() + " replicas are ready",
                statuses);
    }

    private static VolumeStatus.ReplicaStatus replica(
            Member member, ReplicaInfo replica, Optional<ReplicaInfo> leader) {
        String id = member.getNodeId();
        String name = Members.nameOf(id);
        if (replica == null) {
            return new VolumeStatus.ReplicaStatus(name, id, "unknown", -1, -1, "unreachable");
        }
        long lag = leader.map(l -> Math.max(0, l.getCommitIndex() - replica.getAppliedIndex()))
                .orElse(-1L);
        return new VolumeStatus.ReplicaStatus(
                name, id, role(replica), lag, replica.getMissingExtents(), state(replica.getState()));
    }

    private static String role(ReplicaInfo replica) {
        return replica.getRole().name().substring("ROLE_".length()).toLowerCase(java.util.Locale.ROOT);
    }

    private static String state(ReplicaState state) {
        return switch (state) {
            case REPLICA_STATE_READY -> "ready";
            case REPLICA_STATE_CATCHING_UP -> "catching-up";
            case REPLICA_STATE_JOINING -> "joining";
            case REPLICA_STATE_DAMAGED -> "damaged";
            default -> "failed";
        };
    }
}
