package io.moorage.node;

import io.moorage.node.checkpoint.Checkpoints;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.status.SpaceWatch;
import io.moorage.node.store.GroupStore;
import io.moorage.node.store.StoreView;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.ExpireLeases;
import io.moorage.protocol.v1.SweepHistory;
import io.moorage.protocol.v1.VerifyState;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node does by itself now and then. Each job runs on one of a few threads; one that fails is tried again next time. */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final int SWEEP_LIMIT = 1000;
    private static final int EXPIRE_LIMIT = 100;
    private static final long LEASE_LOOK_MS = 200;

    private interface Job {
        void run() throws Exception;
    }

    private final RaftHost raft;
    private final SpaceWatch space;
    private final Checkpoints checkpoints;
    private final NodeConfig config;
    private final ScheduledExecutorService scheduler;
    private long lastAudit = System.nanoTime();

    Housekeeping(RaftHost raft, SpaceWatch space, Checkpoints checkpoints, NodeConfig config) {
        this.raft = raft;
        this.space = space;
        this.checkpoints = checkpoints;
        this.config = config;
        this.scheduler = new ScheduledThreadPoolExecutor(4, task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        every(1, "watching the disk", this::watchSpace);
        every(1, "fetching missing extents", this::repair);
        every(5, "freeing space", this::maintain);
        every(5, "sweeping history", () -> forEachLed(this::sweep));
        everyMillis(LEASE_LOOK_MS, "ending leases", () -> forEachLed(this::endLeases));
        every(2, "remembering what groups were called", () -> forEachLed(raft.recovery()::tell));
        every(5, "asking for groups that went on elsewhere", raft::leaveSuperseded);
        every(60, "comparing states", () -> forEachLed(this::verify));
        every(60, "dropping idle checkpoints", checkpoints::dropIdle);
    }

    private void watchSpace() throws IOException {
        space.look();
        for (UUID group : raft.groups()) {
            withdrawIfNeeded(group);
        }
        if (space.hasRoomForLogs()) {
            raft.absences().comeBack();
        }
    }

    private void withdrawIfNeeded(UUID group) throws IOException {
        Replica replica;
        try {
            replica = raft.replica(group);
        } catch (NodeErrors.CallException e) {
            // It is on its way in or out.
            return;
        }
        if (replica.hasFailed()) {
            String remedy = replica.isOutOfSpace() ? "" : "; restart the node when the reason is gone";
            raft.absences().withdraw(group, replica.failure() + remedy, replica.isOutOfSpace());
        } else if (space.isExhausted()) {
            raft.absences()
                    .withdraw(
                            group,
                            space.freeBytes()
                                    + " bytes are free, too little of the reserve to write its log: delete something else "
                                    + "from the disk, or give the node a larger one",
                            true);
        }
    }

    /** What others keep is not fetched to a disk that refuses new data. */
    private void repair() {
        if (!space.isFull()) {
            forEachReplica(Replica::repair);
        }
    }

    private void maintain() {
        boolean audit =
                System.nanoTime() - lastAudit > config.extents().auditInterval().toNanos();
        if (audit) {
            lastAudit = System.nanoTime();
        }
        boolean scarce = space.isScarce();
        forEachReplica(replica -> replica.maintain(audit, scarce));
    }

    private void sweep(UUID group) {
        boolean needed;
        try (Replica.Reading reading = raft.replica(group).readNow()) {
            StoreView view = reading.view();
            needed = view.volumes().stream()
                    .anyMatch(volume -> volume.getUsage().getHistoryEntries() > 0
                            || !view.pins(volume.getId()).isEmpty());
        }
        if (needed) {
            raft.propose(
                    group,
                    Command.newBuilder()
                            .setSweepHistory(SweepHistory.newBuilder().setLimit(SWEEP_LIMIT))
                            .build());
        }
    }

    private void endLeases(UUID group) {
        GroupStore store = raft.replica(group).store();
        if (raft.proposer(group).leasesAreDue(store.position().leaseMs(), store.nextLeaseEndMs())) {
            raft.propose(
                    group,
                    Command.newBuilder()
                            .setExpireLeases(ExpireLeases.newBuilder().setLimit(EXPIRE_LIMIT))
                            .build());
        }
    }

    private void verify(UUID group) {
        GroupStore.Position position = raft.replica(group).store().position();
        raft.propose(
                group,
                Command.newBuilder()
                        .setVerifyState(VerifyState.newBuilder()
                                .setIndex(position.index())
                                .setHash(position.hash()))
                        .build());
    }

    private interface ReplicaJob {
        void run(Replica replica) throws IOException, InterruptedException;
    }

    private void forEachReplica(ReplicaJob job) {
        for (UUID group : raft.groups()) {
            try {
                job.run(raft.replica(group));
            } catch (NodeErrors.CallException e) {
                LOG.debug("group {}: {}", group, e.getMessage());
            } catch (IOException | RuntimeException e) {
                LOG.warn("group {}: housekeeping failed, and is tried again: {}", group, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private interface GroupJob {
        void run(UUID group);
    }

    private void forEachLed(GroupJob job) {
        for (UUID group : raft.groups()) {
            try {
                if (raft.isLeader(group)) {
                    job.run(group);
                }
            } catch (NodeErrors.CallException e) {
                LOG.debug("group {}: {}", group, e.getMessage());
            }
        }
    }

    private void every(long seconds, String what, Job job) {
        everyMillis(TimeUnit.SECONDS.toMillis(seconds), what, job);
    }

    private void everyMillis(long millis, String what, Job job) {
        scheduler.scheduleWithFixedDelay(
                () -> {
                    try {
                        job.run();
                    } catch (Exception e) {
                        LOG.warn("{} failed, and is tried again: {}", what, e.toString());
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try {
            scheduler.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
