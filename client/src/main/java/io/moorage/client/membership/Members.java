package io.moorage.client.membership;

import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.List;

/** Members of groups, and the ids that they go by. */
public final class Members {
    private Members() {}

    /** A node as a member of a group. @param priority higher is preferred as leader */
    public static Member on(NodeInfo info, int priority) {
        return Member.newBuilder()
                .setNodeId(info.getId())
                .setRaftAddress(info.getRaftAddress())
                .setServiceAddress(info.getServiceAddress())
                .setPriority(priority)
                .build();
    }

    /** The name in a node id, which is name.incarnation. */
    public static String nameOf(String nodeId) {
        int dot = nodeId.lastIndexOf('.');
        return dot < 0 ? nodeId : nodeId.substring(0, dot);
    }

    static List<String> ids(ReplicaInfo replica) {
        return replica.getMembersList().stream().map(Member::getNodeId).toList();
    }
}
