package io.moorage.node.raft;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.identity.StorageDirectory;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
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
    private final RaftRequests requests;
    private final Map<UUID, GroupStateMachine> groups = new ConcurrentHashMap<>();
    private final LogInspection inspection;
    private final Absences absences;
    private final GroupChanges changes;
    private final Successions successions;
    private final Recovery recovery;
    private final Supersession supersession;
    private final PeerTerms terms;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "announcements");
        thread.setDaemon(true);
        return thread;
    });
    private final HandOverWatch handOvers = new HandOverWatch(System::nanoTime, this::stepDown);

    public RaftHost(NodeConfig config, StorageDirectory directory, ReplicaResources resources) throws IOException {
        this.config = config;
        this.directory = directory;
        this.resources = resources;
        this.inspection =
                new LogInspection(directory.raft(), group -> Replica.appliedIndex(directory.group(group), resources));
        this.successions = new Successions(directory.successions());
        RecoveryFiles files = new RecoveryFiles(directory, successions);
        files.finish(self());
        this.terms = new PeerTerms(resources.channels());
        PeerQuestions questions = new PeerQuestions(resources.channels());
        this.supersession = new Supersession(questions, successions, files);
        // Before it takes part in anything: while it was away, its groups may have gone on without it.
        supersession.beforeStart(directory.raft(), self());
        Map<UUID, String> damaged = inspection.run();
        this.server = RaftServer.newBuilder()
                .setServerId(RaftPeerId.valueOf(directory.identity().id()))
                .setProperties(RaftSettings.of(config, directory.raft(), directory.removed()))
                .setParameters(new Parameters())
                .setStateMachineRegistry(this::newStateMachine)
                .setOption(RaftStorage.StartupOption.RECOVER)
                .build();
        this.requests = new RaftRequests(server);
        this.absences = new Absences(requests, groups, inspection, damaged);
        MajorityCheck majority = new MajorityCheck(questions, resources::groupBytes);
        this.changes = new GroupChanges(this, directory, resources, requests, absences, majority, handOvers);
        this.recovery =
                new Recovery(this, questions, supersession, successions, files, absences, resources::groupBytes);
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

    boolean hosts(UUID group) {
        return groups.containsKey(group);
    }

    /** It is not there any more. */
    void forget(UUID group) {
        groups.remove(group);
    }

    boolean isSuperseded(UUID group) {
        return successions.of(group).isPresent();
    }

    Proposer newProposer(RaftServer raftServer, RaftGroupId group) {
        return new Proposer(
                raftServer, group, config.raft(), resources.clock(), handOvers, resources.proposals(), timer);
    }

    FlushAhead newFlushAhead(RaftGroupId group, Replica replica) {
        return new FlushAhead(
                replica::flushBeside,
                e -> replica.fail("state cannot be flushed: " + e, e),
                config.raft(),
                resources.syncer(),
                () -> requestSnapshot(group));
    }

    ReadIndex newReadIndex(RaftGroupId group) {
        return new ReadIndex(
                RaftPeerId.valueOf(nodeId()),
                () -> division(group.getUuid()),
                resources.groupBytes(group.getUuid()),
                terms,
                resources.calls());
    }

    private void stepDown(UUID group) {
        LOG.warn("group {}: handing over leadership hangs; this node gives it up", group);
        try {
            requests.stepDown(group, HAND_OVER_MS).exceptionally(failure -> {
                LOG.warn("group {}: leadership was not given up: {}", group, failure.toString());
                return null;
            });
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {}: leadership was not given up: {}", group, e.toString());
        }
    }

    /** The id that this node has as a member. */
    public String nodeId() {
        return directory.identity().id();
    }

    /** This node as a member, at the addresses that it has now. */
    Member self() {
        NodeConfig.Network network = config.network();
        return Member.newBuilder()
                .setNodeId(nodeId())
                .setRaftAddress(network.host() + ":" + network.raftPort())
                .setServiceAddress(network.host() + ":" + network.servicePort())
                .setPriority(1)
                .build();
    }

    /** Makes, removes and reconfigures groups. */
    public GroupChanges changes() {
        return changes;
    }

    /** Groups that lost their majority, and go on as others. */
    public Recovery recovery() {
        return recovery;
    }

    /** Takes no part any more in groups that went on elsewhere as others, if one of their members says so. */
    public void leaveSuperseded() throws IOException {
        Map<UUID, Collection<String>> peers = new HashMap<>();
        for (UUID group : groups()) {
            try {
                // Who follows leaves that to its leader, and asks when that is gone.
                DivisionInfo info = division(group).getInfo();
                if (info.isLeader() || info.getLeaderId() == null) {
                    peers.put(group, otherServiceAddresses(group));
                }
            } catch (NodeErrors.CallException e) {
                // It is on its way in or out.
            }
        }
        supersession.check(peers, absences, self());
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
        return ReplicaDescription.of(division(group), machine(group).replica(), successions.predecessors(group));
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
        return requests.confirmLease(group);
    }

    /**
     * A log index: whoever has applied it sees every write that was acknowledged before this call. Fails unless this node leads,
     * and a majority said so after the call.
     */
    public CompletableFuture<Long> readIndex(UUID group) {
        return machine(group).readIndex().get();
    }

    /** Completes when all members have committed this log index. */
    public CompletableFuture<Void> awaitAllCommitted(UUID group, long index) {
        machine(group).proposer().announce();
        return requests.awaitAllCommitted(group, index);
    }

    public long takeSnapshot(UUID group) throws IOException {
        RaftClientReply reply = requests.takeSnapshot(RaftGroupId.valueOf(group));
        RaftRequests.check(group, reply);
        return reply.getLogIndex();
    }

    private void requestSnapshot(RaftGroupId group) {
        requests.takeSnapshotAsync(group).whenComplete((reply, failure) -> {
            if (failure != null || !reply.isSuccess()) {
                Object why = failure != null ? failure : reply.getException();
                LOG.warn("snapshot of group {} was not taken, its log is kept until the next: {}", group, why);
            }
        });
    }

    /** Hands over what this node leads, so that nobody has to wait for an election. Bounded in time. */
    public void handOverLeadership(long timeoutMs) {
        List<CompletableFuture<?>> transfers = new ArrayList<>();
        for (UUID group : groups()) {
            try {
                ReplicaDescription description = describe(group);
                if (description.isLeader() && description.members().size() > 1) {
                    transfers.add(requests.stepDown(group, timeoutMs));
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
        timer.shutdownNow();
        server.close();
        inspection.rememberEnds();
    }

    private List<String> otherServiceAddresses(UUID group) {
        List<String> addresses = new ArrayList<>();
        ReplicaDescription description = describe(group);
        for (Member member : description.members()) {
            if (!member.getNodeId().equals(nodeId())) {
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

    /** Proposals of this node's own, which nobody waits for. */
    public CompletableFuture<Result> propose(UUID group, io.moorage.protocol.v1.Command command) {
        return proposer(group).propose(command, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
    }
}
