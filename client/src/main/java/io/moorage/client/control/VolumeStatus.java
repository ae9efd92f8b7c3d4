package io.moorage.client.control;

import io.moorage.client.GroupId;
import io.moorage.protocol.v1.Volume;
import java.util.List;

/**
 * A volume and how it is doing.
 *
 * @param volume spec and usage as its group has them
 * @param group null while it has none: it is being made
 * @param replicas how many copies there should be
 * @param phase Ready, Degraded (works, but fewer good copies, or less, than wanted), Unavailable, Pending (being made) or Deleting
 * @param reason why it is not Ready, or ""
 * @param members its group's replicas
 */
public record VolumeStatus(
        Volume volume, GroupId group, int replicas, Phase phase, String reason, List<ReplicaStatus> members) {

    public enum Phase {
        READY,
        DEGRADED,
        UNAVAILABLE,
        PENDING,
        DELETING
    }

    /**
     * @param node name of the storage node
     * @param role leader, follower, candidate or unknown
     * @param lag log entries behind the leader's commit index; -1 = unknown
     * @param missingExtents extents this replica has yet to fetch; -1 = unknown
     * @param state ready, catching-up, failed, joining or unreachable
     */
    public record ReplicaStatus(String node, String nodeId, String role, long lag, long missingExtents, String state) {}
}
