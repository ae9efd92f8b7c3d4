package io.moorage.node.replica;

import com.google.protobuf.ByteString;
import io.moorage.node.extent.ExtentException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentReader;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.extent.NoSpace;
import io.moorage.node.store.ApplyOutcome;
import io.moorage.node.store.GroupStore;
import io.moorage.node.store.StoreFormat;
import io.moorage.node.store.StoreView;
import io.moorage.node.store.kv.CachedKeyValueStore;
import io.moorage.node.store.kv.RocksKeyValueStore;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's copy on this node: its state and its extents, and the work that keeps the two in step. One thread applies; reads
 * come from any.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final Duration REST = Duration.ofMillis(10);

    private final UUID group;
    private final Path directory;
    private final ReplicaResources resources;
    private final ExtentCare care;
    private final CheckpointDownload download;
    private final Load load = new Load(System::nanoTime);
    private final ApplyPace pace = new ApplyPace(REST);
    private final ApplyWaiters waiters = new ApplyWaiters(pace);
    /** Held for reading while the state is used, for writing while it is exchanged, which ends on another thread. */
    private final StampedLock lock = new StampedLock();

    private volatile long exchange;

    private final Object applied = new Object();
    private GroupStore store;
    private ExtentStore extents;
    private volatile String failure = "";
    private volatile boolean outOfSpace;
    private volatile boolean fetching;
    private volatile boolean closed;

    public Replica(UUID group, Path directory, ReplicaResources resources, Peers peers) {
        this.group = group;
        this.directory = directory;
        this.resources = resources;
        ByteString id = resources.groupBytes(group);
        this.care = new ExtentCare(
                group,
                directory,
                resources,
                new ExtentFetcher(id, peers, resources.channels()),
                this::readNow,
                () -> !closed && failure.isEmpty());
        this.download = new CheckpointDownload(id, peers, resources.channels());
    }

    /** How far the state in the directory of a replica that is not open is; -1: there is none. */
    public static long appliedIndex(Path directory, ReplicaResources resources) throws IOException {
        Path state = directory.resolve("state");
        if (!Files.exists(state)) {
            return -1;
        }
        try (GroupStore store = openStore(state, resources)) {
            return store.position().index();
        }
    }

    /** How many volumes the state in the directory of a replica that is not open has. */
    public static long volumes(Path directory, ReplicaResources resources) throws IOException {
        Path state = directory.resolve("state");
        if (!Files.exists(state)) {
            return 0;
        }
        try (GroupStore store = openStore(state, resources);
                StoreView view = store.view()) {
            return view.volumes().size();
        }
    }

    public UUID group() {
        return group;
    }

    public void open() throws IOException {
        Files.createDirectories(directory);
        finishExchange();
        store = openStore(directory.resolve("state"), resources);
        extents = ExtentStore.open(
                directory.resolve("extents"),
                resources.extentOptions(),
                resources.clock(),
                resources.syncer(),
                resources.disk(),
                resources.rocks());
        care.open(extents);
    }

    /** For the applying thread and for positions. */
    public GroupStore store() {
        return store;
    }

    public ExtentStore extents() {
        return extents;
    }

    /** For the applying thread, which has time: waits for ten milliseconds, unless somebody waits for something to be applied here. */
    public void rest() {
        pace.rest();
    }

    /** Applies a log entry. An exception means that this replica must stop. */
    public ApplyOutcome apply(long term, long index, CommandBatch batch) throws IOException {
        ApplyOutcome outcome = store.apply(term, index, batch);
        load.add(batch.getCommandsCount());
        care.applied(outcome, batch.getTimestampMs());
        if (outcome.divergence() != null) {
            throw new IOException("this replica differs from its leader: " + outcome.divergence());
        }
        signalApplied();
        waiters.applied(index, outcome.changedVolumes());
        return outcome;
    }

    /** A log entry without commands. */
    public void advance(long term, long index) {
        store.advance(term, index);
        signalApplied();
        waiters.applied(index, List.of());
    }

    private void signalApplied() {
        synchronized (applied) {
            applied.notifyAll();
        }
    }

    /** Those who wait for something to be applied. */
    public ApplyWaiters waiters() {
        return waiters;
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * A consistent state at least as new as a log index, for reading; close it.
     *
     * @throws NodeErrors.CallException UNAVAILABLE if it is not that far within the deadline
     */
    public Reading read(long minIndex, long deadlineNanos) {
        load.add(1);
        return readAt(minIndex, deadlineNanos);
    }

    private Reading readAt(long minIndex, long deadlineNanos) {
        awaitApplied(minIndex, deadlineNanos);
        long stamp = lock.readLock();
        try {
            if (closed) {
                throw NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "this replica is stopping");
            }
            return new Reading(store.view(), stamp);
        } catch (RuntimeException e) {
            lock.unlockRead(stamp);
            throw e;
        }
    }

    /** The state as it is. */
    public Reading readNow() {
        return readAt(-1, 0);
    }

    /** A view that also keeps the state from being exchanged. */
    public final class Reading implements AutoCloseable {
        private final StoreView view;
        private final long stamp;

        private Reading(StoreView view, long stamp) {
            this.view = view;
            this.stamp = stamp;
        }

        public StoreView view() {
            return view;
        }

        @Override
        public void close() {
            view.close();
            lock.unlockRead(stamp);
        }
    }

    private void awaitApplied(long index, long deadlineNanos) {
        if (store.position().index() >= index) {
            return;
        }
        pace.entered();
        try {
            synchronized (applied) {
                while (store.position().index() < index) {
                    long left = deadlineNanos - System.nanoTime();
                    if (left <= 0 || closed) {
                        throw NodeErrors.refused(
                                ErrorCode.ERROR_CODE_UNAVAILABLE,
                                "this replica is at log index "
                                        + store.position().index() + " and not yet at " + index);
                    }
                    TimeUnit.NANOSECONDS.timedWait(applied, Math.max(left, 1_000_000));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "interrupted");
        } finally {
            pace.left();
        }
    }

    /** Makes what was applied durable; the log before it may then go. */
    public void flush() throws IOException {
        extents.flush();
        store.flush();
    }

    /** The same by another thread than the applying one. False: the replica is stopping or has failed, or its state is being exchanged. */
    public boolean flushBeside() throws IOException {
        long stamp = lock.tryReadLock();
        if (stamp == 0) {
            return false;
        }
        try {
            if (closed || hasFailed()) {
                return false;
            }
            flush();
            return true;
        } finally {
            lock.unlockRead(stamp);
        }
    }

    /**
     * Copies the state from another member, beside the present one; {@link #resume} puts it in place.
     *
     * @param leader host:port of the leader's services, or ""
     */
    public CompletableFuture<GroupStore.Position> fetchState(long minIndex, String leader) {
        fetching = true;
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                Path incoming = directory.resolve("incoming");
                                CheckpointDownload.Copied copied = download.run(incoming, minIndex - 1, leader);
                                // What cannot be opened must not take the place of what can.
                                openStore(incoming, resources).close();
                                Path ready = directory.resolve("ready");
                                Directories.delete(ready);
                                Files.move(incoming, ready, StandardCopyOption.ATOMIC_MOVE);
                                return new GroupStore.Position(copied.term(), copied.index(), 0, 0, 0);
                            } catch (IOException e) {
                                throw new java.util.concurrent.CompletionException(e);
                            }
                        },
                        resources.transfers())
                .whenComplete((position, failed) -> fetching = false);
    }

    /** Before the state is exchanged: nobody reads it after this. */
    public void pause() {
        exchange = lock.writeLock();
        store.close();
    }

    /** Puts a fetched state in place, if there is one, and goes on. */
    public void resume() throws IOException {
        try {
            finishExchange();
            store = openStore(directory.resolve("state"), resources);
            care.stateExchanged();
        } finally {
            if (exchange != 0) {
                lock.unlockWrite(exchange);
                exchange = 0;
            }
        }
        signalApplied();
        waiters.wakeAll(false);
    }

    /** A crash may have come between the two moves. */
    private void finishExchange() throws IOException {
        Path ready = directory.resolve("ready");
        if (Files.exists(ready)) {
            Directories.delete(directory.resolve("state"));
            Files.move(ready, directory.resolve("state"), StandardCopyOption.ATOMIC_MOVE);
        }
        Directories.delete(directory.resolve("incoming"));
    }

    private static GroupStore openStore(Path state, ReplicaResources resources) throws IOException {
        RocksKeyValueStore stored = RocksKeyValueStore.open(state, resources.rocks());
        try {
            return new GroupStore(new CachedKeyValueStore(stored, resources.recent()));
        } catch (StoreFormat.OtherFormatException e) {
            throw new IOException(state + ": " + e.getMessage(), e);
        }
    }

    /** Reads verified bytes of an extent. One that turns out bad is mended from another replica. */
    public void readExtent(ExtentKey key, int offset, int length, ExtentReader.Sink sink) throws IOException {
        try {
            care.read(key, offset, length, sink);
        } catch (ExtentException e) {
            throw e;
        } catch (IOException e) {
            if (closed) {
                // It was removed meanwhile; others have it.
                throw NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "this replica is stopping");
            }
            throw e;
        }
    }

    /** Whether there is no good copy of an extent here, as far as is known. */
    public boolean lacks(ExtentKey key) throws IOException {
        return care.lacks(key);
    }

    /** Frees an extent whose upload was given up, unless the state names it after all. */
    public void discard(ExtentKey key) throws IOException {
        care.discard(key);
    }

    /** Frees, mends, compares: called now and then on the maintenance thread. @param scarce space is: freeing is hurried */
    public void maintain(boolean fullAudit, boolean scarce) throws IOException {
        if (!closed && failure.isEmpty()) {
            care.maintain(fullAudit, scarce);
        }
    }

    /** Fetches missing extents that are due. */
    public void repair() throws InterruptedException, IOException {
        care.repair();
    }

    /** This replica stops for good: what it would do now might not be what the others do. */
    public void fail(String reason, Throwable cause) {
        if (failure.isEmpty()) {
            outOfSpace = NoSpace.isReason(cause);
            failure = reason;
            LOG.error("replica of group {} stops: {}", group, reason, cause);
        }
    }

    /** Whether it stopped. Writing extents may fail without that. */
    public boolean hasFailed() {
        return !failure.isEmpty();
    }

    /** Whether it stopped for want of space, and can go on from what is on the disk when there is some again. */
    public boolean isOutOfSpace() {
        return outOfSpace;
    }

    /** Why it stopped, or "". */
    public String failure() {
        return failure.isEmpty() && extents != null && extents.failure().isPresent()
                ? "extents cannot be written: " + extents.failure().get()
                : failure;
    }

    public boolean catchingUp() {
        return fetching || care.toFetch() > 0 || !care.isAudited();
    }

    public long missingExtents() {
        return care.toFetch();
    }

    /** Commands applied and reads served a second, smoothed over minutes. */
    public double operationsPerSecond() {
        return load.perSecond();
    }

    /** Extents that were fetched from another replica since the start. */
    public long repairedExtents() {
        return care.repaired();
    }

    /** Totals over all volumes: volumes, entries, stored bytes, whether one is named `system`, which groups it succeeded. */
    public Totals totals() {
        try (Reading reading = readNow()) {
            long entries = 0;
            long bytes = 0;
            boolean system = false;
            java.util.List<Volume> volumes = reading.view().volumes();
            for (Volume volume : volumes) {
                entries += volume.getUsage().getEntries();
                bytes += volume.getUsage().getStoredBytes();
                system |= volume.getSpec().getName().equals("system");
            }
            return new Totals(
                    volumes.size(), entries, bytes, system, reading.view().predecessors());
        }
    }

    public record Totals(long volumes, long entries, long storedBytes, boolean system, List<ByteString> predecessors) {}

    /** A copy of the present state in a new directory, by hard links; its position. */
    public GroupStore.Position checkpoint(Path target) throws IOException {
        long stamp = lock.readLock();
        try {
            store.checkpoint(target);
        } finally {
            lock.unlockRead(stamp);
        }
        try (GroupStore copy = openStore(target, resources)) {
            return copy.position();
        }
    }

    public void close() {
        closed = true;
        signalApplied();
        waiters.wakeAll(true);
        if (exchange != 0) {
            // In the middle of an exchange: the state is closed already.
            extents.close();
            return;
        }
        long stamp = lock.writeLock();
        try {
            if (extents != null) {
                extents.close();
            }
            if (store != null) {
                store.flush();
                care.close();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("replica of group {} did not close cleanly; it will replay its log", group, e);
        } finally {
            if (store != null) {
                store.close();
            }
            lock.unlockWrite(stamp);
        }
    }
}
