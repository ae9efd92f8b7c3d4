package io.moorage.node.raft;

import io.moorage.node.identity.StorageDirectory;
import io.moorage.node.replica.Directories;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.replica.ReplicaResources;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.FollowerProgress;
import io.moorage.protocol.v1.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which groups this node is a member of, and who else is. Thread-safe; calls take as long as the groups do. */
public final class GroupChanges {
    private static final Logger LOG = LoggerFactory.getLogger(GroupChanges.class);

    private static final long HAND_OVER_MS = 3000;

    private final RaftHost host;
    private final StorageDirectory directory;
    private final ReplicaResources resources;
    private final RaftRequests requests;
    private final Absences absences;
    private final MajorityCheck majority;
    private final HandOverWatch handOvers;

    GroupChanges(
            RaftHost host,
            StorageDirectory directory,
            ReplicaResources resources,
            RaftRequests requests,
            Absences absences,
            MajorityCheck majority,
            HandOverWatch handOvers) {
        this.host = host;
        this.directory = directory;
        this.resources = resources;
        this.requests = requests;
        this.absences = absences;
        this.majority = majority;
        this.handOvers = handOvers;
    }

    /** Makes a replica of a new group, or (without members) one that waits to be added. Idempotent. */
    public synchronized void createGroup(UUID group, List<Member> members) throws IOException {
        if (host.hosts(group) || absences.isWithdrawn(group)) {
            return;
        }
        if (host.isSuperseded(group)) {
            // It would be a member that forgot what it acknowledged.
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "group " + group + " lost its majority, and this node was a member: it goes on under another id");
        }
        if (members.stream().noneMatch(m -> m.getNodeId().equals(host.nodeId())) && !members.isEmpty()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "this node is " + host.nodeId() + ", which is not among the members of group " + group);
        }
        // What an earlier, failed attempt may have left.
        Directories.delete(directory.group(group));
        RaftGroup raftGroup = RaftGroup.valueOf(
                RaftGroupId.valueOf(group),
                members.stream().map(RaftMembers::peer).toList());
        RaftClientReply reply = requests.addGroup(raftGroup, true);
        if (!reply.isSuccess()) {
            host.forget(group);
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INTERNAL, "group " + group + " cannot be made: " + reply.getException());
        }
        absences.madeAnew(group);
        LOG.info("made a replica of group {} with {} members", group, members.size());
    }

    /**
     * Drops the replica, or what is left of it, with its data. UNSAFE while this node is a voting member beside others, or may
     * be.
     *
     * @param told the members as the group's leader tells them; needed for what is left of a replica that takes no part
     * @param ifEmpty the last member: UNSAFE if there is a volume in the group
     */
    public synchronized void removeGroup(UUID group, List<Member> told, boolean ifEmpty) throws IOException {
        if (!host.hosts(group)) {
            if (absences.isAbsent(group)) {
                majority.requireWithout(group, told, host.nodeId());
                absences.drop(group, directory.group(group));
            }
            return;
        }
        if (ifEmpty) {
            removeLast(group);
            return;
        }
        List<Member> members = host.describe(group).members();
        boolean votes = members.stream().anyMatch(m -> m.getNodeId().equals(host.nodeId()));
        if (votes && members.size() > 1 && host.division(group).getInfo().isAlive()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "this node is a voting member of group " + group + "; take it out of the members first");
        }
        RaftClientReply reply = requests.removeGroup(group, true);
        if (!reply.isSuccess()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INTERNAL, "group " + group + " cannot be removed: " + reply.getException());
        }
        host.forget(group);
        Directories.delete(directory.group(group));
        LOG.info("removed the replica of group {}", group);
    }

    /** Nobody makes a volume in a group that is closed: only then it is certain that there is none. */
    private void removeLast(UUID group) throws IOException {
        ReplicaDescription description = host.describe(group);
        if (!description.isLeader() || description.members().size() != 1) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "this node is not the only member of group " + group + ": its members are "
                            + description.members().stream()
                                    .map(Member::getNodeId)
                                    .toList() + "; take the others out first");
        }
        requireEmpty(group, host.replica(group).totals().volumes());
        absences.withdraw(group, "it is being removed", false);
        try {
            requireEmpty(group, Replica.volumes(directory.group(group), resources));
        } catch (IOException | RuntimeException e) {
            absences.open(group);
            throw e;
        }
        absences.drop(group, directory.group(group));
    }

    private static void requireEmpty(UUID group, long volumes) {
        if (volumes > 0) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "group " + group + " holds " + volumes + " volumes; delete them first");
        }
    }

    /**
     * What this node has of a group is bad, and cannot be mended in parts: the replica leaves the group, so that it is made anew
     * from the others. That waits for another time unless all of the others are well.
     */
    public void distrust(UUID group, String why) throws IOException {
        LOG.error("group {}: the state of this replica is bad: {}", group, why);
        List<Member> members = host.describe(group).members();
        if (majority.othersAreWell(group, members, host.nodeId())) {
            absences.damage(group, why);
        } else {
            LOG.warn("group {}: this replica takes part nevertheless, because not all of the others are well", group);
        }
    }

    /**
     * Changes the members, if they are the expected ones now; at most one is exchanged, added or removed. NOT_LEADER if this node
     * would go: it has handed over then.
     */
    public void reconfigure(UUID group, List<String> expected, List<Member> members) throws IOException {
        RaftServer.Division division = host.division(group);
        Collection<RaftPeer> current = division.getRaftConf().getCurrentPeers();
        Set<String> currentIds = new HashSet<>();
        current.forEach(peer -> currentIds.add(peer.getId().toString()));
        if (!currentIds.equals(new HashSet<>(expected))) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "the members of group " + group + " are " + currentIds + ", not " + expected + "; look again");
        }
        Set<String> nextIds = new HashSet<>();
        members.forEach(member -> nextIds.add(member.getNodeId()));
        long added = nextIds.stream().filter(id -> !currentIds.contains(id)).count();
        long removed = currentIds.stream().filter(id -> !nextIds.contains(id)).count();
        if (added > 1 || removed > 1 || nextIds.isEmpty()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "members change one at a time; this would add " + added + " and remove " + removed);
        }
        if (!nextIds.contains(host.nodeId()) && division.getInfo().isLeader()) {
            handOverBeforeLeaving(group, nextIds);
        }
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(new ArrayList<>(current))
                .setServersInNewConf(members.stream().map(RaftMembers::peer).toList())
                .build();
        RaftClientReply reply = requests.setConfiguration(group, arguments);
        handOvers.saw(group, reply);
        RaftRequests.check(group, reply);
        LOG.info("group {} has the members {} now", group, nextIds);
    }

    /**
     * In Ratis 3.3 a leader that takes itself out closes its part while it holds the lock that a command waits for which comes in that
     * moment, and waits for that command: for a day.
     */
    private void handOverBeforeLeaving(UUID group, Set<String> staying) throws IOException {
        String next = host.describe(group).info().getFollowersList().stream()
                .filter(follower -> staying.contains(follower.getNodeId()))
                .max(Comparator.comparingLong(FollowerProgress::getMatchIndex))
                .map(FollowerProgress::getNodeId)
                .orElseThrow(() -> NodeErrors.refused(
                        ErrorCode.ERROR_CODE_UNSAFE,
                        "none of " + staying + " is a member of group " + group
                                + " now, to whom this node could hand over leadership before it leaves"));
        transferLeadership(group, Optional.of(next), HAND_OVER_MS);
        throw NodeErrors.notLeader(next, true);
    }

    /** Hands leadership over; to whichever is best, if no member is named. */
    public void transferLeadership(UUID group, Optional<String> to, long timeoutMs) throws IOException {
        if (to.isPresent()) {
            prefer(group, to.get());
        }
        RaftClientReply reply =
                requests.transferLeadership(group, to.map(RaftPeerId::valueOf).orElse(null), timeoutMs);
        RaftRequests.check(group, reply);
    }

    /** Ratis hands leadership only to a member of the highest priority. */
    private void prefer(UUID group, String nodeId) throws IOException {
        List<Member> members = host.describe(group).members();
        List<Member> next = members.stream()
                .map(m -> m.toBuilder()
                        .setPriority(m.getNodeId().equals(nodeId) ? 1 : 0)
                        .build())
                .toList();
        if (!next.equals(members)) {
            reconfigure(group, members.stream().map(Member::getNodeId).toList(), next);
        }
    }
}
