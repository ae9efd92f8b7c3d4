package io.moorage.node.raft;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.identity.StorageDirectory;
import io.moorage.node.replica.Directories;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.replica.ReplicaResources;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReadLogRequest;
import io.moorage.protocol.v1.ReadLogResponse;
import io.moorage.protocol.v1.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ratis server of this node and the groups on it. All requests to Ratis are made in this process; from the network it takes
 * other servers' messages only. Thread-safe.
 */
public final class RaftHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftHost.class);
    private static final long HAND_OVER_MS = 3000;

    private final NodeConfig config;
    private final StorageDirectory directory;
    private final ReplicaResources resources;
    private final RaftServer server;
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<UUID, GroupStateMachine> groups = new ConcurrentHashMap<>();
    private final LogInspection inspection;
    private final Absences absences;
    private final MajorityCheck majority;
    private final HandOverWatch handOvers = new HandOverWatch(System::nanoTime, this::stepDown);

    public RaftHost(NodeConfig config, StorageDirectory directory, ReplicaResources resources) throws IOException {
        this.config = config;
        this.directory = directory;
        this.resources = resources;
        this.inspection =
                new LogInspection(directory.raft(), group -> Replica.appliedIndex(directory.group(group), resources));
        Map<UUID, String> damaged = inspection.run();
        this.server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(directory.identity().id()))
                .setProperties(RaftSettings.of(config, directory.raft(), directory.removed()))
                .setParameters(new Parameters())
                .setStateMachineRegistry(this::newStateMachine)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        this.absences = new Absences(server, groups, inspection, damaged);
        this.majority = new MajorityCheck(resources.channels(), resources::groupBytes);
    }

    private GroupStateMachine newStateMachine(RaftGroupId id) {
        UUID group = id.getUuid();
        Replica replica = new Replica(group, directory.group(group), resources, () -> otherServiceAddresses(group));
        GroupStateMachine machine = new GroupStateMachine(this, replica);
        groups.put(group, machine);
        return machine;
    }

    public void start() throws IOException {
        server.start();
    }

    NodeConfig config() {
        return config;
    }

    Proposer newProposer(RaftServer raftServer, RaftGroupId group) {
        return new Proposer(raftServer, group, config.raft(), resources.clock(), handOvers);
    }

    private void stepDown(UUID group) {
        LOG.warn("group {}: handing over leadership hangs; this node gives it up", group);
        try {
            server.transferLeadershipAsync(new TransferLeadershipRequest(
                            clientId,
                            server.getId(),
                            RaftGroupId.valueOf(group),
                            callIds.incrementAndGet(),
                            null,
                            HAND_OVER_MS))
                    .exceptionally(failure -> {
                        LOG.warn("group {}: leadership was not given up: {}", group, failure.toString());
                        return null;
                    });
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {}: leadership was not given up: {}", group, e.toString());
        }
    }

    public Collection<UUID> groups() {
        return List.copyOf(groups.keySet());
    }

    /** Groups that this node should take part in, and does not. */
    public Absences absences() {
        return absences;
    }

    /** @throws NodeErrors.CallException GROUP_NOT_FOUND */
    public Replica replica(UUID group) {
        return machine(group).replica();
    }

    /** @throws NodeErrors.CallException GROUP_NOT_FOUND */
    public Proposer proposer(UUID group) {
        return machine(group).proposer();
    }

    /** @throws NodeErrors.CallException GROUP_NOT_FOUND */
    RaftServer.Division division(UUID group) {
        machine(group);
        try {
            return server.getDivision(RaftGroupId.valueOf(group));
        } catch (IOException e) {
            throw notFound(group);
        }
    }

    /** What this node knows of its role in a group. */
    public ReplicaDescription describe(UUID group) {
        return ReplicaDescription.of(division(group), machine(group).replica());
    }

    public boolean isLeader(UUID group) {
        return division(group).getInfo().isLeader();
    }

    public long term(UUID group) {
        return division(group).getInfo().getCurrentTerm();
    }

    /** Committed commands of a volume, from this replica's log. */
    public ReadLogResponse readLog(UUID group, ReadLogRequest request) {
        long applied = machine(group).replica().store().position().index();
        return LogReader.read(division(group).getRaftLog(), applied, request);
    }

    /** Completes when this node's lease as leader held at some moment after the call. Fails with NOT_LEADER, UNAVAILABLE. */
    public CompletableFuture<Void> confirmLease(UUID group) {
        RaftClientRequest request =
                request(group, RaftClientRequest.readRequestType()).build();
        return submit(group, request);
    }

    /** Completes when all members have committed this log index. */
    public CompletableFuture<Void> awaitAllCommitted(UUID group, long index) {
        RaftClientRequest request = request(
                        group, RaftClientRequest.watchRequestType(index, RaftProtos.ReplicationLevel.ALL_COMMITTED))
                .build();
        return submit(group, request);
    }

    /** Makes a replica of a new group, or (without members) one that waits to be added. Idempotent. */
    public synchronized void createGroup(UUID group, List<Member> members) throws IOException {
        if (groups.containsKey(group) || absences.isWithdrawn(group)) {
            return;
        }
        if (members.stream().noneMatch(m -> m.getNodeId().equals(server.getId().toString())) && !members.isEmpty()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                    "this node is " + server.getId() + ", which is not among the members of group " + group);
        }
        // What an earlier, failed attempt may have left.
        Directories.delete(directory.group(group));
        RaftGroup raftGroup = RaftGroup.valueOf(
                RaftGroupId.valueOf(group), members.stream().map(RaftHost::peer).toList());
        RaftClientReply reply = server.groupManagement(
                GroupManagementRequest.newAdd(clientId, server.getId(), callIds.incrementAndGet(), raftGroup, true));
        if (!reply.isSuccess()) {
            groups.remove(group);
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
        if (!groups.containsKey(group)) {
            if (absences.isAbsent(group)) {
                majority.requireWithout(group, told, server.getId().toString());
                absences.drop(group, directory.group(group));
            }
            return;
        }
        if (ifEmpty) {
            removeLast(group);
            return;
        }
        List<Member> members = describe(group).members();
        boolean votes = members.stream()
                .anyMatch(m -> m.getNodeId().equals(server.getId().toString()));
        if (votes
                && members.size() > 1
                && server.getDivision(RaftGroupId.valueOf(group)).getInfo().isAlive()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "this node is a voting member of group " + group + "; take it out of the members first");
        }
        RaftClientReply reply = server.groupManagement(GroupManagementRequest.newRemove(
                clientId, server.getId(), callIds.incrementAndGet(), RaftGroupId.valueOf(group), true, false));
        if (!reply.isSuccess()) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_INTERNAL, "group " + group + " cannot be removed: " + reply.getException());
        }
        groups.remove(group);
        Directories.delete(directory.group(group));
        LOG.info("removed the replica of group {}", group);
    }

    /** Nobody makes a volume in a group that is closed: only then it is certain that there is none. */
    private void removeLast(UUID group) throws IOException {
        ReplicaDescription description = describe(group);
        if (!description.isLeader() || description.members().size() != 1) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "this node is not the only member of group " + group + ": its members are "
                            + description.members().stream()
                                    .map(Member::getNodeId)
                                    .toList() + "; take the others out first");
        }
        requireEmpty(group, replica(group).totals().volumes());
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
        List<Member> members = describe(group).members();
        if (majority.othersAreWell(group, members, server.getId().toString())) {
            absences.damage(group, why);
        } else {
            LOG.warn("group {}: this replica takes part nevertheless, because not all of the others are well", group);
        }
    }

    /** Changes the members, if they are the expected ones now; at most one is exchanged, added or removed. */
    public void reconfigure(UUID group, List<String> expected, List<Member> members) throws IOException {
        RaftServer.Division division = division(group);
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
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(new ArrayList<>(current))
                .setServersInNewConf(members.stream().map(RaftHost::peer).toList())
                .build();
        RaftClientReply reply = server.setConfiguration(new SetConfigurationRequest(
                clientId, server.getId(), RaftGroupId.valueOf(group), callIds.incrementAndGet(), arguments));
        handOvers.saw(group, reply);
        check(group, reply);
        LOG.info("group {} has the members {} now", group, nextIds);
    }

    /** Hands leadership over; to whichever is best, if no member is named. */
    public void transferLeadership(UUID group, Optional<String> to, long timeoutMs) throws IOException {
        if (to.isPresent()) {
            prefer(group, to.get());
        }
        RaftClientReply reply = server.transferLeadership(new TransferLeadershipRequest(
                clientId,
                server.getId(),
                RaftGroupId.valueOf(group),
                callIds.incrementAndGet(),
                to.map(RaftPeerId::valueOf).orElse(null),
                timeoutMs));
        check(group, reply);
    }

    /** Ratis hands leadership only to a member of the highest priority. */
    private void prefer(UUID group, String nodeId) throws IOException {
        List<Member> members = describe(group).members();
        List<Member> next = members.stream()
                .map(m -> m.toBuilder()
                        .setPriority(m.getNodeId().equals(nodeId) ? 1 : 0)
                        .build())
                .toList();
        if (!next.equals(members)) {
            reconfigure(group, members.stream().map(Member::getNodeId).toList(), next);
        }
    }

    public long takeSnapshot(UUID group) throws IOException {
        RaftClientReply reply = server.snapshotManagement(snapshotRequest(RaftGroupId.valueOf(group)));
        check(group, reply);
        return reply.getLogIndex();
    }

    void requestSnapshot(RaftGroupId group) {
        server.snapshotManagementAsync(snapshotRequest(group)).exceptionally(failure -> {
            LOG.warn("snapshot of group {} was not taken", group, failure);
            return null;
        });
    }

    /** Hands over what this node leads, so that nobody has to wait for an election. Bounded in time. */
    public void handOverLeadership(long timeoutMs) {
        List<CompletableFuture<?>> transfers = new ArrayList<>();
        for (UUID group : groups()) {
            try {
                ReplicaDescription description = describe(group);
                if (description.isLeader() && description.members().size() > 1) {
                    transfers.add(server.transferLeadershipAsync(new TransferLeadershipRequest(
                            clientId,
                            server.getId(),
                            RaftGroupId.valueOf(group),
                            callIds.incrementAndGet(),
                            null,
                            timeoutMs)));
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("leadership of group {} is not handed over: {}", group, e.toString());
            }
        }
        try {
            CompletableFuture.allOf(transfers.toArray(CompletableFuture[]::new)).get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("leadership was not handed over in time: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        inspection.rememberEnds();
    }

    private List<String> otherServiceAddresses(UUID group) {
        List<String> addresses = new ArrayList<>();
        ReplicaDescription description = describe(group);
        for (Member member : description.members()) {
            if (!member.getNodeId().equals(server.getId().toString())) {
                addresses.add(
                        member.getNodeId().equals(description.leader()) ? 0 : addresses.size(),
                        member.getServiceAddress());
            }
        }
        if (addresses.isEmpty() && !description.leaderServiceAddress().isEmpty()) {
            addresses.add(description.leaderServiceAddress());
        }
        return addresses;
    }

    /** A member as Ratis knows it; its client address carries where our own services are. */
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

    private GroupStateMachine machine(UUID group) {
        GroupStateMachine machine = groups.get(group);
        if (machine == null || machine.proposer() == null) {
            throw notFound(group);
        }
        return machine;
    }

    private static NodeErrors.CallException notFound(UUID group) {
        return NodeErrors.refused(
                ErrorCode.ERROR_CODE_GROUP_NOT_FOUND, "there is no replica of group " + group + " on this node");
    }

    private RaftClientRequest.Builder request(UUID group, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(clientId)
                .setServerId(server.getId())
                .setGroupId(RaftGroupId.valueOf(group))
                .setCallId(callIds.incrementAndGet())
                .setMessage(Message.EMPTY)
                .setType(type);
    }

    private CompletableFuture<Void> submit(UUID group, RaftClientRequest request) {
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = server.submitClientRequestAsync(request);
        } catch (IOException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.handle((answer, failure) -> {
            if (failure != null) {
                // Such as a member that is starting still: another attempt may find it, or another leader, ready.
                throw unavailable(group, failure instanceof CompletionException ? failure.getCause() : failure);
            }
            check(group, answer);
            return null;
        });
    }

    private SnapshotManagementRequest snapshotRequest(RaftGroupId group) {
        return SnapshotManagementRequest.newCreate(clientId, server.getId(), group, callIds.incrementAndGet(), 10_000);
    }

    private static void check(UUID group, RaftClientReply reply) {
        if (reply.isSuccess()) {
            return;
        }
        if (reply.getNotLeaderException() != null) {
            RaftPeer leader = reply.getNotLeaderException().getSuggestedLeader();
            throw NodeErrors.notLeader(leader == null ? "" : leader.getId().toString(), true);
        }
        throw unavailable(group, reply.getException());
    }

    private static NodeErrors.CallException unavailable(UUID group, Throwable cause) {
        return NodeErrors.uncertain(
                ErrorCode.ERROR_CODE_UNAVAILABLE, "group " + group + ": " + cause.getMessage(), cause);
    }

    /** Proposals of this node's own, which nobody waits for. */
    public CompletableFuture<Result> propose(UUID group, io.moorage.protocol.v1.Command command) {
        return proposer(group).propose(command, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }
}
