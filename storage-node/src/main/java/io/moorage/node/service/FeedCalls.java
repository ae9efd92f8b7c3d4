package io.moorage.node.service;

import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.ChangesPage;
import io.moorage.node.store.Refusal;
import io.moorage.node.store.Versions;
import io.moorage.protocol.v1.Answer;
import io.moorage.protocol.v1.AwaitRequest;
import io.moorage.protocol.v1.AwaitResponse;
import io.moorage.protocol.v1.ChangesRequest;
import io.moorage.protocol.v1.ChangesResponse;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReadLogRequest;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Calls about what was committed: changes of a volume, commands in the log, waiting for a version. Those that wait hold no
 * thread meanwhile. Thread-safe.
 */
final class FeedCalls {
    private static final int MAX_WAIT_MS = 60_000;

    private final RaftHost raft;
    private final Executor executor;

    FeedCalls(RaftHost raft, Executor executor) {
        this.raft = raft;
        this.executor = executor;
    }

    /** Answers with changes, or empty when the wait is over. */
    CompletableFuture<Answer.Builder> changes(ChangesRequest request, long deadline) {
        if (request.getWaitMs() < 0 || request.getWaitMs() > MAX_WAIT_MS) {
            throw Refusal.invalid(
                    "wait_ms is " + Integer.toUnsignedString(request.getWaitMs()) + "; it must be 0 to " + MAX_WAIT_MS);
        }
        Replica replica = raft.replica(Groups.parse(request.getGroupId()));
        ChangesPage.Query query = new ChangesPage.Query(
                request.getAfterVersion(),
                request.getAfterOrdinal(),
                request.getFromOldest(),
                request.getPrefix(),
                request.getLimit(),
                request.getKeysOnly());
        // The answer must be on its way before the caller gives up.
        long until = Math.min(
                System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.getWaitMs()),
                deadline - TimeUnit.MILLISECONDS.toNanos(200));
        long needed = Versions.indexOf(Math.max(request.getAfterVersion(), request.getMinVersion()));
        return awaitApplied(replica, needed, deadline)
                .thenComposeAsync(done -> look(replica, request.getVolumeId(), query, until, 0), executor)
                .thenApply(page -> Answer.newBuilder()
                        .setChanges(ChangesResponse.newBuilder()
                                .addAllChanges(page.changes())
                                .setNextVersion(page.nextVersion())
                                .setNextOrdinal(page.nextOrdinal())
                                .setMore(page.more())
                                .setFeed(page.feed())));
    }

    private CompletableFuture<ChangesPage> look(
            Replica replica, long volume, ChangesPage.Query query, long until, int looks) {
        // Before the look, so that what comes behind it is not missed.
        CompletableFuture<Void> change = replica.waiters().change(volume);
        ChangesPage page;
        try (Replica.Reading reading = replica.readNow()) {
            page = reading.view().changes(volume, query);
        } catch (RuntimeException e) {
            change.complete(null);
            throw e;
        }
        long left = until - System.nanoTime();
        if (!page.changes().isEmpty() || page.more() || left <= 0 || replica.isClosed()) {
            change.complete(null);
            return CompletableFuture.completedFuture(page);
        }
        ChangesPage.Query next = new ChangesPage.Query(
                page.nextVersion(), page.nextOrdinal(), false, query.prefix(), query.limit(), query.keysOnly());
        // A busy volume of which little is wanted must not be looked at for each of its changes.
        Executor again = looks == 0
                ? executor
                : CompletableFuture.delayedExecutor(Math.min(looks, 10) * 5L, TimeUnit.MILLISECONDS, executor);
        return change.completeOnTimeout(null, left, TimeUnit.NANOSECONDS)
                .thenComposeAsync(done -> look(replica, volume, next, until, looks + 1), again);
    }

    /** Answers when this replica has applied a version. */
    CompletableFuture<Answer.Builder> await(AwaitRequest request, long deadline) {
        UUID group = Groups.parse(request.getGroupId());
        Replica replica = raft.replica(group);
        return awaitApplied(replica, Versions.indexOf(request.getVersion()), deadline)
                .thenApplyAsync(
                        done -> Answer.newBuilder()
                                .setAwait(AwaitResponse.newBuilder()
                                        .setAppliedVersion(Versions.lastOf(
                                                replica.store().position().index()))
                                        .setTerm(raft.term(group))
                                        .setLeader(raft.isLeader(group))),
                        executor);
    }

    CompletableFuture<Answer.Builder> readLog(ReadLogRequest request) {
        UUID group = Groups.parse(request.getGroupId());
        return CompletableFuture.supplyAsync(
                () -> Answer.newBuilder().setReadLog(raft.readLog(group, request)), executor);
    }

    private static CompletableFuture<Void> awaitApplied(Replica replica, long index, long deadline) {
        long left = deadline - System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(100);
        return replica.waiters()
                .index(index, () -> replica.store().position().index())
                .completeOnTimeout(null, Math.max(0, left), TimeUnit.NANOSECONDS)
                .thenAccept(done -> {
                    long applied = replica.store().position().index();
                    if (applied < index) {
                        throw NodeErrors.refused(
                                ErrorCode.ERROR_CODE_UNAVAILABLE,
                                "this replica is at log index " + applied + " and not yet at " + index);
                    }
                });
    }
}
