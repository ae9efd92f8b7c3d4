package io.moorage.api.kv;

import io.moorage.client.VolumeRef;
import io.moorage.client.control.NodeStatus;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The members of a volume's group as they describe themselves: roles, terms, indexes, lag. */
final class MembersJson {
    private MembersJson() {}

    static Map<String, Object> of(VolumeRef volume, List<NodeStatus> nodes) {
        List<Map<String, Object>> members = new ArrayList<>();
        String leader = null;
        String leaderAddress = null;
        long term = 0;
        long commit = 0;
        for (NodeStatus node : nodes) {
            for (ReplicaInfo replica : node.view().replicas()) {
                if (!replica.getGroupId().equals(volume.group().toBytes())) {
                    continue;
                }
                commit = Math.max(commit, replica.getCommitIndex());
                // Who leads the newest term leads.
                if (replica.getRole() == Role.ROLE_LEADER && replica.getTerm() >= term) {
                    leader = node.name();
                    leaderAddress = node.view().address();
                }
                term = Math.max(term, replica.getTerm());
                members.add(member(node, replica));
            }
        }
        for (Map<String, Object> member : members) {
            member.put("lag", Math.max(0, commit - (long) member.get("appliedIndex")));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("volume", volume.name());
        json.put("group", volume.group().toString());
        json.put("leader", leader);
        json.put("leaderAddress", leaderAddress);
        json.put("term", term);
        json.put("members", members);
        return json;
    }

    private static Map<String, Object> member(NodeStatus node, ReplicaInfo replica) {
        NodeInfo info = node.view().info().orElse(NodeInfo.getDefaultInstance());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("node", node.name());
        json.put("id", info.getId());
        json.put("address", node.view().address());
        json.put("isLeader", replica.getRole() == Role.ROLE_LEADER);
        json.put("role", replica.getRole().name().substring("ROLE_".length()).toLowerCase(Locale.ROOT));
        json.put("term", replica.getTerm());
        json.put("lastLogIndex", replica.getLastLogIndex());
        json.put("commitIndex", replica.getCommitIndex());
        json.put("appliedIndex", replica.getAppliedIndex());
        json.put("snapshotIndex", replica.getSnapshotIndex());
        json.put("reason", replica.getReason());
        return json;
    }
}
