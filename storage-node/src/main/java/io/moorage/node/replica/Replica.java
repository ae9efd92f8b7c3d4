package io.moorage.node.replica;

import com.google.protobuf.ByteString;
import io.moorage.node.extent.ExtentException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentReader;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.extent.NoSpace;
import io.moorage.node.store.ApplyOutcome;
import io.moorage.node.store.ExtentRef;
import io.moorage.node.store.GroupStore;
import io.moorage.node.store.StoreView;
import io.moorage.node.store.kv.RocksKeyValueStore;
import io.moorage.protocol.v1.CommandBatch;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.StampedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group's copy on this node: its state and its extents, and the work that keeps the two in step. One thread applies; reads
 * come from any.
 */
public final class Replica {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    /** An extent that is named before it has arrived is usually about to: its writer is told by the majority, not by us. */
    private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final UUID group;
    private final Path directory;
    private final ReplicaResources resources;
    private final MissingExtents missing = new MissingExtents();
    private final ExtentReaper reaper;
    private final ExtentFetcher fetcher;
    private final CheckpointDownload download;
    private final AtomicLong repaired = new AtomicLong();
    private final Load load = new Load(System::nanoTime);
    private final ApplyWaiters waiters = new ApplyWaiters();
    /** Held for reading while the state is used, for writing while it is exchanged, which ends on another thread. */
    private final StampedLock lock = new StampedLock();

    private volatile long exchange;

    private final Object applied = new Object();
    private GroupStore store;
    private ExtentStore extents;
    private volatile String failure = "";
    private volatile boolean outOfSpace;
    private volatile boolean fetching;
    private volatile boolean audited;
    private volatile boolean closed;

    public Replica(UUID group, Path directory, ReplicaResources resources, Peers peers) {
        this.group = group;
        this.directory = directory;
        this.resources = resources;
        this.reaper = new ExtentReaper(resources.extentOptions(), resources.clock());
        ByteString id = resources.groupBytes(group);
        this.fetcher = new ExtentFetcher(id, peers, resources.channels());
        this.download = new CheckpointDownload(id, peers, resources.channels());
    }

    /** How far the state in the directory of a replica that is not open is; -1: there is none. */
    public static long appliedIndex(Path directory, ReplicaResources resources) throws IOException {
        Path state = directory.resolve("state");
        if (!Files.exists(state)) {
            return -1;
        }
        try (GroupStore store = new GroupStore(RocksKeyValueStore.open(state, resources.rocks()))) {
            return store.position().index();
        }
    }

    /** How many volumes the state in the directory of a replica that is not open has. */
    public static long volumes(Path directory, ReplicaResources resources) throws IOException {
        Path state = directory.resolve("state");
        if (!Files.exists(state)) {
            return 0;
        }
        try (GroupStore store = new GroupStore(RocksKeyValueStore.open(state, resources.rocks()));
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
        store = openStore();
        extents = ExtentStore.open(
                directory.resolve("extents"),
                resources.extentOptions(),
                resources.clock(),
                resources.syncer(),
                resources.disk(),
                resources.rocks());
        resources.maintenance().execute(this::audit);
    }

    /** For the applying thread and for positions. */
    public GroupStore store() {
        return store;
    }

    public ExtentStore extents() {
        return extents;
    }

    /** Applies a log entry. An exception means that this replica must stop. */
    public ApplyOutcome apply(long term, long index, CommandBatch batch) throws IOException {
        ApplyOutcome outcome = store.apply(term, index, batch);
        load.add(batch.getCommandsCount());
        for (ExtentRef extent : outcome.referenced()) {
            ExtentKey key = key(extent);
            reaper.referenced(key);
            if (!extents.contains(key)) {
                missing.add(extent, arrivalNanos(batch));
            }
        }
        for (ExtentRef extent : outcome.released()) {
            missing.remove(extent);
            reaper.released(key(extent));
        }
        for (long volume : outcome.droppedVolumes()) {
            missing.removeVolume(volume);
            resources.maintenance().execute(() -> dropVolume(volume));
        }
        if (outcome.divergence() != null) {
            throw new IOException("this replica differs from its leader: " + outcome.divergence());
        }
        signalApplied();
        waiters.applied(index, outcome.changedVolumes());
        return outcome;
    }

    /**
     * Until an extent that is not here yet should be. What was committed long ago, and is applied now because this replica was
     * away, nobody is about to bring any more. Clocks that differ make it look for an extent too early or late, no worse.
     */
    private long arrivalNanos(CommandBatch batch) {
        long age = TimeUnit.MILLISECONDS.toNanos(resources.clock().millis() - batch.getTimestampMs());
        return Math.max(0, Math.min(ARRIVAL_NANOS, ARRIVAL_NANOS - age));
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
        synchronized (applied) {
            while (store.position().index() < index) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0 || closed) {
                    throw NodeErrors.refused(
                            ErrorCode.ERROR_CODE_UNAVAILABLE,
                            "this replica is at log index " + store.position().index() + " and not yet at " + index);
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(applied, Math.max(left, 1_000_000));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "interrupted");
                }
            }
        }
    }

    /** Reads verified bytes of an extent. One that turns out bad is mended from another replica. */
    public void readExtent(ExtentKey key, int offset, int length, ExtentReader.Sink sink) throws IOException {
        try {
            extents.read(key, offset, length, sink);
        } catch (ExtentException e) {
            if (e.reason() == ExtentException.Reason.CORRUPT) {
                mend(key);
            }
            throw e;
        } catch (IOException e) {
            if (closed) {
                // It was removed meanwhile; others have it.
                throw NodeErrors.refused(ErrorCode.ERROR_CODE_UNAVAILABLE, "this replica is stopping");
            }
            mend(key);
            throw e;
        }
    }

    private void mend(ExtentKey key) throws IOException {
        extents.find(key)
                .ifPresent(at ->
                        missing.add(new ExtentRef(key.volume(), key.high(), key.low(), at.length(), at.crc32c()), 0));
    }

    /** Frees an extent whose upload was given up, unless the state names it after all. */
    public void discard(ExtentKey key) throws IOException {
        try (Reading reading = readNow()) {
            if (!reading.view().isReferenced(key.volume(), key.high(), key.low())) {
                extents.free(key);
            }
        }
    }

    /** Makes what was applied durable; the log before it may then go. */
    public void flush() throws IOException {
        extents.flush();
        store.flush();
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
            store = openStore();
            audited = false;
            resources.maintenance().execute(this::audit);
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

    private GroupStore openStore() throws IOException {
        return new GroupStore(RocksKeyValueStore.open(directory.resolve("state"), resources.rocks()));
    }

    /** Compares the extents with the state, both ways. */
    private void audit() {
        try (Reading reading = readNow()) {
            reading.view().forEachExtent(extent -> {
                try {
                    if (!extents.contains(key(extent))) {
                        missing.add(extent, 0);
                    }
                } catch (IOException e) {
                    LOG.warn("audit of group {}", group, e);
                }
                return !closed;
            });
            extents.forEach((key, location) -> {
                if (!reading.view().isReferenced(key.volume(), key.high(), key.low())) {
                    reaper.unreferenced(key, location);
                }
                return !closed;
            });
            audited = true;
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("audit of group {} was given up: {}", group, e.toString());
            }
        }
    }

    /** Frees, mends, compares: called now and then on the maintenance thread. */
    public void maintain(boolean fullAudit) throws IOException, InterruptedException {
        if (closed || !failure.isEmpty()) {
            return;
        }
        if (fullAudit || !audited || missing.size() == 0 && missing.takeOverflow()) {
            audit();
        }
        reaper.reap(extents, key -> {
            try (Reading reading = readNow()) {
                return reading.view().isReferenced(key.volume(), key.high(), key.low());
            }
        });
        extents.reclaim();
    }

    /** Fetches missing extents that are due. */
    public void repair() throws InterruptedException, IOException {
        while (!closed && failure.isEmpty()) {
            ExtentRef extent = missing.next().orElse(null);
            if (extent == null) {
                return;
            }
            if (!isNamed(extent) || isGood(extent) || fetcher.fetch(extents, extent)) {
                missing.remove(extent);
                repaired.incrementAndGet();
            }
        }
    }

    private boolean isNamed(ExtentRef extent) {
        try (Reading reading = readNow()) {
            return reading.view().isReferenced(extent.volumeId(), extent.idHigh(), extent.idLow());
        }
    }

    private boolean isGood(ExtentRef extent) {
        try {
            extents.read(key(extent), 0, extent.storedLength(), bytes -> {});
            return true;
        } catch (IOException e) {
            // Damaged, or the disk does not give it.
            return false;
        }
    }

    private void dropVolume(long volume) {
        try {
            extents.dropVolume(volume);
        } catch (IOException e) {
            LOG.warn("extents of volume {} in group {} cannot be deleted", volume, group, e);
        }
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
        return fetching || missing.toFetch() > 0 || !audited;
    }

    public long missingExtents() {
        return missing.toFetch();
    }

    /** Commands applied and reads served a second, smoothed over minutes. */
    public double operationsPerSecond() {
        return load.perSecond();
    }

    /** Extents that were fetched from another replica since the start. */
    public long repairedExtents() {
        return repaired.get();
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
        try (RocksKeyValueStore copy = RocksKeyValueStore.open(target, resources.rocks())) {
            return new GroupStore(copy).position();
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
            }
        } catch (RuntimeException e) {
            LOG.warn("replica of group {} did not close cleanly; it will replay its log", group, e);
        } finally {
            if (store != null) {
                store.close();
            }
            lock.unlockWrite(stamp);
        }
    }

    private static ExtentKey key(ExtentRef extent) {
        return new ExtentKey(extent.volumeId(), extent.idHigh(), extent.idLow());
    }
}
