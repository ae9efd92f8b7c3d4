package io.moorage.api.nodes;

import io.moorage.client.GroupId;
import io.moorage.client.control.NodeStatus;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.NodeState;
import io.moorage.protocol.v1.ReplicaInfo;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A storage node as JSON. */
public final class NodeJson {
    private NodeJson() {}

    public static Map<String, Object> of(NodeStatus status) {
        Map<String, Object> json = new LinkedHashMap<>();
        NodeInfo info = status.view().info().orElse(NodeInfo.getDefaultInstance());
        json.put("name", status.name());
        json.put("id", info.getId());
        json.put("incarnation", info.getIncarnation());
        json.put("address", status.view().address());
        json.put("raftAddress", info.getRaftAddress());
        json.put("version", info.getVersion());
        json.put("state", status.view().reachable() ? state(info.getState()) : "Unreachable");
        json.put("cordoned", status.cordoned());
        json.put("maintenance", status.maintenance());
        json.put("zone", info.getZone());
        json.put("capacityBytes", info.getCapacityBytes());
        json.put("freeBytes", info.getFreeBytes());
        json.put(
                "startedAt",
                status.view().reachable()
                        ? Instant.ofEpochMilli(info.getStartedAtMs()).toString()
                        : null);
        json.put("error", status.view().error());
        json.put(
                "replicas",
                status.view().replicas().stream().map(NodeJson::replica).toList());
        return json;
    }

    private static Map<String, Object> replica(ReplicaInfo replica) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", GroupId.of(replica.getGroupId()).toString());
        json.put("role", lower(replica.getRole().name(), "ROLE_"));
        json.put("term", replica.getTerm());
        json.put("leader", replica.getLeaderNodeId());
        json.put("state", lower(replica.getState().name(), "REPLICA_STATE_"));
        json.put("reason", replica.getReason());
        json.put(
                "members",
                replica.getMembersList().stream().map(m -> m.getNodeId()).toList());
        json.put("commitIndex", replica.getCommitIndex());
        json.put("appliedIndex", replica.getAppliedIndex());
        json.put("snapshotIndex", replica.getSnapshotIndex());
        json.put("lastLogIndex", replica.getLastLogIndex());
        json.put("lag", Math.max(0, replica.getCommitIndex() - replica.getAppliedIndex()));
        json.put("missingExtents", replica.getMissingExtents());
        json.put("volumes", replica.getVolumes());
        json.put("entries", replica.getEntries());
        json.put("storedBytes", replica.getStoredBytes());
        json.put("system", replica.getSystem());
        return json;
    }

    private static String state(NodeState state) {
        return switch (state) {
            case NODE_STATE_READY -> "Ready";
            case NODE_STATE_FULL -> "Full";
            case NODE_STATE_STOPPING -> "Stopping";
            default -> "Unknown";
        };
    }

    private static String lower(String name, String prefix) {
        return name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
