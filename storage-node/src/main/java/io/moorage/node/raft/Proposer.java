package io.moorage.node.raft;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.store.GroupStore;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Result;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Puts commands into the log of one group, many to an entry: while one batch is under way, what arrives waits and becomes
 * the next one ({@link BatchTurns}). A round of consensus and its syncs then serve everybody who waits; what it costs hardly
 * depends on how many that are. The queue is bounded in bytes.
 *
 * <p>Followers learn that an entry is committed with the next one. When none follows, an empty batch is it
 * ({@link CommitAnnouncements}). Thread-safe.
 */
public final class Proposer {
    /** While there are leases, time is put into the log at least this often: no step may count more than some seconds. */
    private static final long COUNT_TIME_MS = 5000;

    private final RaftServer server;
    private final RaftGroupId group;
    private final NodeConfig.Raft limits;
    private final InstantSource clock;
    private final HandOverWatch handOvers;
    private final Executor sender;
    private final ScheduledExecutorService timer;
    private final BatchTurns turns;
    private final CommitAnnouncements announcements;
    private final LeaseClock leases = new LeaseClock(System::nanoTime);
    private final ClientId clientId = ClientId.randomId();
    private final AtomicLong callIds = new AtomicLong();
    private final Map<Long, ProposedBatch> inFlight = new ConcurrentHashMap<>();
    private final ArrayDeque<Proposal> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** The sender will look, or is about to. */
    private boolean called;

    /** @param sender has threads to wait with: Ratis takes a request when its log, and a sync that may be under way, let it */
    Proposer(
            RaftServer server,
            RaftGroupId group,
            NodeConfig.Raft limits,
            InstantSource clock,
            HandOverWatch handOvers,
            Executor sender,
            ScheduledExecutorService timer) {
        this.server = server;
        this.group = group;
        this.limits = limits;
        this.clock = clock;
        this.handOvers = handOvers;
        this.sender = sender;
        this.timer = timer;
        this.turns = new BatchTurns(limits.maxInFlightBatches());
        this.announcements = new CommitAnnouncements(timer, this::sendAnything);
    }

    /**
     * The result of the command once it is applied here. Fails with {@link NodeErrors.CallException}: SLOW_DOWN (queue full),
     * NOT_LEADER, UNAVAILABLE. Does not wait.
     *
     * @param deadlineNanos by System.nanoTime()
     */
    public CompletableFuture<Result> propose(Command command, long deadlineNanos) {
        int bytes = command.getSerializedSize() + 16;
        if (bytes > RaftSettings.MAX_ENTRY_BYTES - 1024) {
            return CompletableFuture.failedFuture(NodeErrors.refused(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "the command has " + bytes + " bytes; at most " + RaftSettings.MAX_ENTRY_BYTES
                            + " fit the log: use fewer, larger extents or smaller metadata"));
        }
        Proposal proposal = new Proposal(command, bytes, deadlineNanos, new CompletableFuture<>());
        synchronized (this) {
            if (queuedBytes + bytes > limits.maxQueuedBytes() && !queue.isEmpty()) {
                return CompletableFuture.failedFuture(NodeErrors.slowDown(
                        "group " + group.getUuid() + " has " + queuedBytes + " bytes of commands waiting", 100));
            }
            queue.add(proposal);
            queuedBytes += bytes;
        }
        callSender();
        return proposal.result();
    }

    private void callSender() {
        synchronized (this) {
            if (called || !mayGo()) {
                return;
            }
            called = true;
        }
        bySender(this::answerCall);
    }

    private void bySender(Runnable task) {
        try {
            sender.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    private void answerCall() {
        synchronized (this) {
            called = false;
        }
        pump();
    }

    /** The group has another leader, or a leader again. */
    void leaderChanged() {
        leases.restart();
    }

    /**
     * Whether leases have to be looked at: one seems to have run out, or time is not being counted though there are some. The
     * command that ends them counts it, and decides.
     */
    public boolean leasesAreDue(long appliedLeaseMs, long nextLeaseEndMs) {
        if (nextLeaseEndMs == GroupStore.NO_LEASES) {
            return false;
        }
        long pending = leases.pendingMs();
        return pending < 0 || pending >= COUNT_TIME_MS || appliedLeaseMs + pending >= nextLeaseEndMs;
    }

    /** Commands waiting. */
    public synchronized int queued() {
        return queue.size();
    }

    /** The batch that a request of this server carries; null: another server's, or an earlier run's. */
    ProposedBatch batchOf(ClientId client, long callId) {
        return client.equals(clientId) ? inFlight.get(callId) : null;
    }

    /** Sends what may go. */
    private void pump() {
        while (true) {
            List<Proposal> expired = new ArrayList<>();
            List<Proposal> next;
            synchronized (this) {
                next = mayGo() ? take(expired) : List.of();
                if (!next.isEmpty()) {
                    turns.sent();
                }
            }
            expired.forEach(proposal -> proposal.result()
                    .completeExceptionally(NodeErrors.refused(
                            ErrorCode.ERROR_CODE_UNAVAILABLE, "the command waited for its turn until its deadline")));
            if (next.isEmpty()) {
                return;
            }
            send(next);
        }
    }

    private boolean mayGo() {
        return turns.mayGo(queue.size(), queuedBytes, System.nanoTime());
    }

    /** Has the followers told at once what is committed: somebody waits for all of them. */
    public void announce() {
        announcements.atOnce();
    }

    /** An empty batch, unless commands wait, which are to go soon. @return whether something is sent */
    private boolean sendAnything() {
        synchronized (this) {
            if (!queue.isEmpty()) {
                return false;
            }
            turns.sent();
        }
        bySender(() -> send(List.of()));
        return true;
    }

    private List<Proposal> take(List<Proposal> expired) {
        List<Proposal> taken = new ArrayList<>();
        long now = System.nanoTime();
        int bytes = 0;
        while (!queue.isEmpty() && taken.size() < limits.maxBatchCommands()) {
            Proposal head = queue.peek();
            boolean late = head.deadlineNanos() - now < 0;
            if (!late && bytes > 0 && bytes + head.bytes() > limits.maxBatchBytes()) {
                break;
            }
            queue.poll();
            queuedBytes -= head.bytes();
            if (late) {
                expired.add(head);
            } else {
                taken.add(head);
                bytes += head.bytes();
            }
        }
        return taken;
    }

    private void send(List<Proposal> proposals) {
        CommandBatch.Builder commands =
                CommandBatch.newBuilder().setTimestampMs(clock.millis()).setElapsedMs(leases.step());
        proposals.forEach(proposal -> commands.addCommands(proposal.command()));
        ProposedBatch batch = new ProposedBatch(proposals, commands.build());
        long callId = callIds.incrementAndGet();
        inFlight.put(callId, batch);
        announcements.sending();
        long began = System.nanoTime();
        CompletableFuture<RaftClientReply> reply;
        try {
            ByteString bytes = UnsafeByteOperations.unsafeWrap(batch.batch().toByteArray());
            reply = RaftRequests.entrance(server, group)
                    .submitClientRequestAsync(RaftClientRequest.newBuilder()
                            .setClientId(clientId)
                            .setServerId(server.getId())
                            .setGroupId(group)
                            .setCallId(callId)
                            .setMessage(Message.valueOf(bytes))
                            .setType(RaftClientRequest.writeRequestType())
                            .build());
        } catch (Exception e) {
            reply = CompletableFuture.failedFuture(e);
        }
        reply.whenComplete((answer, failure) -> {
            inFlight.remove(callId);
            long lookAgain;
            synchronized (this) {
                long now = System.nanoTime();
                lookAgain = turns.answered(proposals.size(), queue.size(), now - began, now);
            }
            callSender();
            try {
                if (lookAgain > 0) {
                    timer.schedule(this::callSender, lookAgain, TimeUnit.NANOSECONDS);
                }
                handOvers.saw(group.getUuid(), answer);
                if (failure == null && answer.isSuccess() && !proposals.isEmpty()) {
                    // Batches that went along with this one may have been sent before it was committed.
                    announcements.committed();
                }
            } finally {
                finish(batch, answer, failure);
            }
        });
    }

    private void finish(ProposedBatch batch, RaftClientReply answer, Throwable failure) {
        if (failure == null && answer.isSuccess() && batch.hasResults()) {
            batch.complete();
            return;
        }
        boolean notApplied = !batch.started();
        if (answer != null && answer.getNotLeaderException() != null) {
            org.apache.ratis.protocol.RaftPeer leader =
                    answer.getNotLeaderException().getSuggestedLeader();
            batch.fail(NodeErrors.notLeader(leader == null ? "" : nodeId(leader.getId()), notApplied));
            return;
        }
        Throwable cause = failure != null ? failure : answer.getException();
        boolean slow = cause instanceof org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
        if (slow && notApplied) {
            batch.fail(NodeErrors.slowDown("the log of group " + group.getUuid() + " is behind", 200));
        } else if (notApplied) {
            batch.fail(NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "the log takes no entry: " + cause));
        } else {
            batch.fail(NodeErrors.uncertain(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "it is not known whether the log took the entry: " + cause,
                    cause));
        }
    }

    static String nodeId(RaftPeerId id) {
        return id == null ? "" : id.toString();
    }
}
