package io.moorage.node.raft;

import io.moorage.protocol.v1.Member;
import org.apache.ratis.protocol.RaftPeer;

/** Members of a group as Ratis knows them: the client address carries where our own services are. */
final class RaftMembers {
    private RaftMembers() {}

    static RaftPeer peer(Member member) {
        return RaftPeer.newBuilder()
                .setId(member.getNodeId())
                .setAddress(member.getRaftAddress())
                .setClientAddress(member.getServiceAddress())
                .setPriority(member.getPriority())
                .build();
    }

    static Member member(RaftPeer peer) {
        return Member.newBuilder()
                .setNodeId(peer.getId().toString())
                .setRaftAddress(peer.getAddress())
                .setServiceAddress(peer.getClientAddress() == null ? "" : peer.getClientAddress())
                .setPriority(peer.getPriority())
                .build();
    }
}
