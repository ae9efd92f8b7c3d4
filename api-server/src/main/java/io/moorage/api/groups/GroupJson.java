package io.moorage.api.groups;

import io.moorage.client.GroupId;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.GroupRecovery;
import io.moorage.client.membership.GroupViews;
import io.moorage.client.membership.Members;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Groups as their replicas describe them, as JSON. */
final class GroupJson {
    private GroupJson() {}

    /** Ordered by id. */
    static List<Map<String, Object>> all(List<NodeView> nodes) {
        GroupViews views = new GroupViews(nodes);
        Set<GroupId> headless = Set.copyOf(GroupRecovery.without(nodes));
        List<Map<String, Object>> all = new ArrayList<>();
        views.replicas().forEach((group, replicas) -> {
            ReplicaInfo leader = views.leaders().get(group);
            ReplicaInfo teller = leader != null
                    ? leader
                    : replicas.values().stream()
                            .max(Comparator.comparingLong(ReplicaInfo::getTerm)
                                    .thenComparingInt(ReplicaInfo::getMembersCount))
                            .orElseThrow();
            Set<String> ids = new TreeSet<>(replicas.keySet());
            teller.getMembersList().forEach(member -> ids.add(member.getNodeId()));
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("id", group.toString());
            json.put("leader", leader == null ? null : leader.getLeaderNodeId());
            json.put("term", teller.getTerm());
            json.put("majority", !headless.contains(group));
            json.put("volumes", teller.getVolumes());
            json.put("entries", teller.getEntries());
            json.put("storedBytes", teller.getStoredBytes());
            json.put("system", teller.getSystem());
            json.put(
                    "formerIds",
                    replicas.values().stream()
                            .flatMap(replica -> replica.getPredecessorsList().stream())
                            .map(former -> GroupId.of(former).toString())
                            .distinct()
                            .sorted()
                            .toList());
            json.put(
                    "members",
                    ids.stream().map(id -> member(id, teller, replicas.get(id))).toList());
            all.add(json);
        });
        return all;
    }

    private static Map<String, Object> member(String id, ReplicaInfo teller, ReplicaInfo replica) {
        Map<String, Object> json = new TreeMap<>();
        json.put("id", id);
        json.put("node", Members.nameOf(id));
        json.put(
                "member",
                teller.getMembersList().stream().map(Member::getNodeId).anyMatch(id::equals));
        json.put(
                "state",
                replica == null ? "unreachable" : lower(replica.getState().name(), "REPLICA_STATE_"));
        json.put("role", replica == null ? "unknown" : lower(replica.getRole().name(), "ROLE_"));
        json.put("lastLogIndex", replica == null ? null : replica.getLastLogIndex());
        json.put("appliedIndex", replica == null ? null : replica.getAppliedIndex());
        json.put("missingExtents", replica == null ? null : replica.getMissingExtents());
        json.put("reason", replica == null ? "" : replica.getReason());
        return json;
    }

    private static String lower(String name, String prefix) {
        return name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
