package io.moorage.node.raft;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.ApplyOutcome;
import io.moorage.node.store.GroupStore;
import io.moorage.protocol.v1.CommandBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.FileListSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between Ratis and a {@link Replica}: hands log entries to it in order, on the updater's thread, and answers Ratis' questions
 * about snapshots. A Raft snapshot is a flush: the store is its own snapshot, at whatever index it has applied.
 */
final class GroupStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(GroupStateMachine.class);

    private final RaftHost host;
    private final Replica replica;
    private volatile Proposer proposer;
    private volatile ReadIndex readIndex;
    private volatile TermIndex flushed = TermIndex.INITIAL_VALUE;
    private volatile FlushAhead flushAhead;
    /** An entry could not be applied, so none after it may be. For the applying thread. */
    private boolean stuck;

    GroupStateMachine(RaftHost host, Replica replica) {
        this.host = host;
        this.replica = replica;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage) throws IOException {
        super.initialize(server, groupId, storage);
        getLifeCycle().startAndTransition(() -> {
            replica.open();
            flushAhead = host.newFlushAhead(groupId, replica);
            adoptPosition();
            readIndex = host.newReadIndex(groupId);
            proposer = host.newProposer(server, groupId);
        });
    }

    Proposer proposer() {
        return proposer;
    }

    ReadIndex readIndex() {
        return readIndex;
    }

    Replica replica() {
        return replica;
    }

    @Override
    public LifeCycle.State getLifeCycleState() {
        return getLifeCycle().getCurrentState();
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        replica.pause();
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    @Override
    public void reinitialize() throws IOException {
        replica.resume();
        adoptPosition();
        if (getLifeCycleState() == LifeCycle.State.PAUSED) {
            getLifeCycle().transition(LifeCycle.State.STARTING);
            getLifeCycle().transition(LifeCycle.State.RUNNING);
        }
    }

    private void adoptPosition() {
        GroupStore.Position position = replica.store().position();
        flushed = TermIndex.valueOf(position.term(), position.index());
        flushAhead.startAt(flushed);
        setLastAppliedTermIndex(flushed);
        LOG.info("{}: state is at term {} index {}", getGroupId(), position.term(), position.index());
    }

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
        TransactionContext context = TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .build();
        ProposedBatch batch = proposer.batchOf(request.getClientId(), request.getCallId());
        if (batch == null) {
            context.setException(new IOException("requests come through the node's own service only"));
        } else {
            batch.start();
        }
        return context;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        RaftProtos.LogEntryProto entry = transaction.getLogEntry();
        if (stuck) {
            return passedOver(entry.getIndex());
        }
        RaftProtos.StateMachineLogEntryProto logged = entry.getStateMachineLogEntry();
        ProposedBatch proposed = proposer.batchOf(ClientId.valueOf(logged.getClientId()), logged.getCallId());
        if (proposed == null && isLastOfFollower(entry.getIndex())) {
            replica.rest();
        }
        try {
            CommandBatch batch = proposed != null
                    ? proposed.batch()
                    : parse(logged.getLogData().asReadOnlyByteBuffer());
            ApplyOutcome outcome = replica.apply(entry.getTerm(), entry.getIndex(), batch);
            if (proposed != null) {
                proposed.applied(outcome.results());
            }
        } catch (RuntimeException | IOException e) {
            replica.fail("log entry " + entry.getIndex() + " cannot be applied: " + e, e);
            stuck = true;
            if (isClosing()) {
                return passedOver(entry.getIndex());
            }
            throw new IllegalStateException("replica stopped at log index " + entry.getIndex(), e);
        }
        updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
        flushAhead.applied(getLastAppliedTermIndex(), logged.getLogData().size());
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    /**
     * Ratis closes a division whose state machine throws, and its updater runs until that is done. Who closes it already waits for the
     * updater, which waits for the last entry: both would do so for ever.
     */
    private boolean isClosing() {
        try {
            return division().getInfo().getLifeCycleState().isClosingOrClosed();
        } catch (IOException e) {
            return true;
        }
    }

    private static CompletableFuture<Message> passedOver(long index) {
        return CompletableFuture.failedFuture(
                new IOException("log entry " + index + " is not applied: this replica has stopped"));
    }

    /** Whether another member leads, and this is all that is known to be committed. */
    private boolean isLastOfFollower(long index) {
        try {
            RaftServer.Division division = division();
            return !division.getInfo().isLeader() && division.getRaftLog().getLastCommittedIndex() <= index;
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IOException it is leaving the group */
    private RaftServer.Division division() throws IOException {
        return getServer().join().getDivision(getGroupId());
    }

    private static CommandBatch parse(ByteBuffer bytes) throws InvalidProtocolBufferException {
        return CommandBatch.parseFrom(bytes);
    }

    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (stuck) {
            return;
        }
        replica.advance(term, index);
        updateLastAppliedTermIndex(term, index);
        flushAhead.applied(getLastAppliedTermIndex(), 0);
    }

    @Override
    public CompletableFuture<Message> query(Message request) {
        // Asked for only to learn that this leader's lease holds; what is read is read from the store.
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex ahead = flushAhead.done();
        if (ahead.getIndex() > flushed.getIndex()) {
            flushed = ahead;
            return ahead.getIndex();
        }
        TermIndex applied = getLastAppliedTermIndex();
        try {
            replica.flush();
        } catch (IOException | RuntimeException e) {
            replica.fail("state cannot be flushed: " + e, e);
            // Of another exception the updater would try again at once, for ever if it is stopping.
            throw new IOException("state cannot be flushed: " + e.getMessage(), e);
        }
        flushed = applied;
        return applied.getIndex();
    }

    @Override
    public SnapshotInfo getLatestSnapshot() {
        TermIndex at = flushed;
        return at.getIndex() < 0 ? null : new FileListSnapshotInfo(List.of(), at.getTerm(), at.getIndex());
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return new StateMachineStorage() {
            @Override
            public void init(RaftStorage storage) {
                // The state has a directory of its own.
            }

            @Override
            public SnapshotInfo getLatestSnapshot() {
                return GroupStateMachine.this.getLatestSnapshot();
            }

            @Override
            public void format() {
                // A new group starts with an empty directory.
            }

            @Override
            public void cleanupOldSnapshots(SnapshotRetentionPolicy policy) {
                // There are no files to clean up.
            }
        };
    }

    @Override
    public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
            RaftProtos.RoleInfoProto role, TermIndex firstInLog) {
        // An empty member does not know the others yet; whoever leads has just said where it is.
        String leader = role.getFollowerInfo().getLeaderInfo().getId().getClientAddress();
        return replica.fetchState(firstInLog.getIndex(), leader)
                .thenApply(position -> TermIndex.valueOf(position.term(), position.index()));
    }

    @Override
    public void notifyConfigurationChanged(
            long term, long index, RaftProtos.RaftConfigurationProto newRaftConfiguration) {
        LOG.debug("{}: members changed at {}", getGroupId(), index);
    }

    @Override
    public void notifyLogFailed(Throwable cause, RaftProtos.LogEntryProto failedEntry) {
        replica.fail("the log cannot be written: " + cause, cause);
    }

    @Override
    public void notifyLeaderChanged(
            org.apache.ratis.protocol.RaftGroupMemberId member, org.apache.ratis.protocol.RaftPeerId newLeader) {
        LOG.info("{}: leader is {}", getGroupId(), newLeader);
        Proposer present = proposer;
        if (present != null) {
            present.leaderChanged();
        }
    }

    @Override
    public void notifyFollowerSlowness(RaftProtos.RoleInfoProto leaderInfo, RaftPeer slowFollower) {
        LOG.warn("{}: follower {} does not keep up", getGroupId(), slowFollower.getId());
    }

    @Override
    public void notifyExtendedNoLeader(RaftProtos.RoleInfoProto role) {
        LOG.warn("{}: no leader for a long time; are a majority of the members up and reachable?", getGroupId());
    }

    @Override
    public void close() {
        if (getLifeCycleState() != LifeCycle.State.CLOSED) {
            getLifeCycle().checkStateAndClose(replica::close);
        }
    }
}
