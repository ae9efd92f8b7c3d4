package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.GroupStore;
import io.moorage.protocol.v1.FollowerProgress;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/**
 * What this node knows of its replica of a group at one moment.
 *
 * @param leader node id, or ""
 * @param leaderServiceAddress as told by the leader itself, or ""
 */
public record ReplicaDescription(
        boolean isLeader, String leader, String leaderServiceAddress, List<Member> members, ReplicaInfo info) {

    /** @param predecessors groups that went on as this one on this node */
    static ReplicaDescription of(RaftServer.Division division, Replica replica, Set<UUID> predecessors) {
        DivisionInfo info = division.getInfo();
        List<Member> members = division.getRaftConf().getCurrentPeers().stream()
                .map(RaftMembers::member)
                .sorted(java.util.Comparator.comparing(Member::getNodeId))
                .toList();
        String leader = Proposer.nodeId(info.getLeaderId());
        String leaderAddress = info.getRoleInfoProto()
                .getFollowerInfo()
                .getLeaderInfo()
                .getId()
                .getClientAddress();
        // Before the extents are counted: whoever sees an index here sees what is missing up to it as well.
        long applied = Math.max(0, info.getLastAppliedIndex());
        ReplicaInfo.Builder built = ReplicaInfo.newBuilder()
                .setRole(role(info))
                .setTerm(info.getCurrentTerm())
                .setLeaderNodeId(leader)
                .addAllMembers(members)
                .setMissingExtents(replica.missingExtents());
        state(built, division, replica, members);
        if (!info.isAlive() || !replica.failure().isEmpty()) {
            // Its log is closed and cannot be asked.
            built.setRole(Role.ROLE_FOLLOWER);
            return new ReplicaDescription(false, leader, leaderAddress, members, built.build());
        }
        TermIndex last = last(division, replica);
        built.setCommitIndex(Math.max(0, division.getRaftLog().getLastCommittedIndex()))
                .setAppliedIndex(applied)
                .setSnapshotIndex(Math.max(0, division.getRaftLog().getSnapshotIndex()))
                .setLastLogIndex(last.getIndex())
                .setLastLogTerm(last.getTerm());
        Replica.Totals totals = replica.totals();
        Set<ByteString> before = new LinkedHashSet<>(totals.predecessors());
        predecessors.forEach(group -> before.add(Successions.bytes(group)));
        built.setVolumes(totals.volumes())
                .setEntries(totals.entries())
                .setStoredBytes(totals.storedBytes())
                .setSystem(totals.system())
                .addAllPredecessors(before);
        // Asked for in any case, so that it is smooth when leadership moves here.
        double load = replica.operationsPerSecond();
        if (info.isLeader()) {
            built.addAllFollowers(followers(division)).setOperationsPerSecond(load);
        }
        return new ReplicaDescription(info.isLeader(), leader, leaderAddress, members, built.build());
    }

    private static void state(
            ReplicaInfo.Builder built, RaftServer.Division division, Replica replica, List<Member> members) {
        if (!replica.failure().isEmpty()) {
            built.setState(ReplicaState.REPLICA_STATE_FAILED).setReason(replica.failure());
        } else if (!division.getInfo().isAlive()) {
            String me = division.getId().toString();
            boolean member = members.stream().anyMatch(each -> each.getNodeId().equals(me));
            built.setState(ReplicaState.REPLICA_STATE_FAILED)
                    .setReason(
                            member
                                    ? "Raft has stopped; restart the node"
                                    : "it was taken out of the group, and what is left here is to be removed");
        } else if (members.isEmpty()) {
            built.setState(ReplicaState.REPLICA_STATE_JOINING).setReason("waits to be added to its group");
        } else if (replica.catchingUp()) {
            built.setState(ReplicaState.REPLICA_STATE_CATCHING_UP)
                    .setReason(replica.missingExtents() + " extents to fetch");
        } else {
            built.setState(ReplicaState.REPLICA_STATE_READY);
        }
    }

    private static Role role(DivisionInfo info) {
        return switch (info.getCurrentRole()) {
            case LEADER -> Role.ROLE_LEADER;
            case CANDIDATE -> Role.ROLE_CANDIDATE;
            case LISTENER -> Role.ROLE_LISTENER;
            default -> Role.ROLE_FOLLOWER;
        };
    }

    /** Of the log, or of the state if the log begins behind it. */
    private static TermIndex last(RaftServer.Division division, Replica replica) {
        TermIndex last = division.getRaftLog().getLastEntryTermIndex();
        GroupStore.Position applied = replica.store().position();
        return last != null && last.getIndex() >= applied.index()
                ? last
                : TermIndex.valueOf(applied.term(), Math.max(0, applied.index()));
    }

    private static List<FollowerProgress> followers(RaftServer.Division division) {
        List<FollowerProgress> followers = new ArrayList<>();
        for (RaftProtos.CommitInfoProto commit : division.getCommitInfos()) {
            String id = commit.getServer().getId().toStringUtf8();
            if (!id.equals(division.getId().toString())) {
                followers.add(FollowerProgress.newBuilder()
                        .setNodeId(id)
                        .setMatchIndex(Math.max(0, commit.getCommitIndex()))
                        .build());
            }
        }
        return followers;
    }
}
