package io.moorage.node.replica;

import io.moorage.node.extent.ExtentException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentReader;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.store.ApplyOutcome;
import io.moorage.node.store.ExtentRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica's extents in step with its state: what the state names and is not here, or is bad, is fetched from other
 * members; what nothing names any more is freed. Thread-safe once it is open.
 */
final class ExtentCare {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentCare.class);
    /** An extent that is named before it has arrived is usually about to: its writer is told by the majority, not by us. */
    private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final UUID group;
    private final Path releasedFile;
    private final ReplicaResources resources;
    private final ExtentFetcher fetcher;
    private final Supplier<Replica.Reading> readNow;
    private final BooleanSupplier atWork;
    private final MissingExtents missing = new MissingExtents();
    private final ExtentReaper reaper;
    private final AtomicLong repaired = new AtomicLong();
    private ExtentStore extents;
    private volatile boolean audited;

    /**
     * @param directory of the replica
     * @param atWork false: the replica is closed, or has stopped
     */
    ExtentCare(
            UUID group,
            Path directory,
            ReplicaResources resources,
            ExtentFetcher fetcher,
            Supplier<Replica.Reading> readNow,
            BooleanSupplier atWork) {
        this.group = group;
        this.releasedFile = directory.resolve("released-extents");
        this.resources = resources;
        this.fetcher = fetcher;
        this.readNow = readNow;
        this.atWork = atWork;
        this.reaper = new ExtentReaper(resources.extentOptions(), resources.clock(), System::nanoTime);
    }

    /** Before anything else. */
    void open(ExtentStore store) {
        extents = store;
        ReleasedFile.take(releasedFile).forEach(reaper::released);
        resources.maintenance().execute(this::audit);
    }

    /** Nothing is applied any more. Remembers what was to be freed. */
    void close() throws IOException {
        ReleasedFile.write(releasedFile, reaper.waitingReleased());
    }

    /** The state is another one than before. */
    void stateExchanged() {
        audited = false;
        resources.maintenance().execute(this::audit);
    }

    /** Whether extents and state were compared since the state was opened. */
    boolean isAudited() {
        return audited;
    }

    /** Extents that the state names and that are not here. */
    int toFetch() {
        return missing.toFetch();
    }

    /** Whether there is no good copy of it here, as far as is known. */
    boolean lacks(ExtentKey key) throws IOException {
        return missing.contains(key) || !extents.contains(key);
    }

    /** Extents that were fetched from another replica since the start. */
    long repaired() {
        return repaired.get();
    }

    /** @param committedMs when the log entry was stamped, by its leader's clock */
    void applied(ApplyOutcome outcome, long committedMs) throws IOException {
        for (ExtentRef extent : outcome.referenced()) {
            ExtentKey key = MissingExtents.key(extent);
            reaper.referenced(key);
            if (!extents.contains(key)) {
                missing.add(extent, arrivalNanos(committedMs));
            }
        }
        for (ExtentRef extent : outcome.released()) {
            missing.remove(extent);
            reaper.released(MissingExtents.key(extent));
        }
        for (long volume : outcome.droppedVolumes()) {
            missing.removeVolume(volume);
            resources.maintenance().execute(() -> dropVolume(volume));
        }
    }

    /**
     * Until an extent that is not here yet should be. What was committed long ago, and is applied now because this replica was
     * away, nobody is about to bring any more. Clocks that differ make it look for an extent too early or late, no worse.
     */
    private long arrivalNanos(long committedMs) {
        long age = TimeUnit.MILLISECONDS.toNanos(resources.clock().millis() - committedMs);
        return Math.max(0, Math.min(ARRIVAL_NANOS, ARRIVAL_NANOS - age));
    }

    /** Reads verified bytes of an extent. One that turns out bad is mended from another replica. */
    void read(ExtentKey key, int offset, int length, ExtentReader.Sink sink) throws IOException {
        try {
            extents.read(key, offset, length, sink);
        } catch (ExtentException e) {
            if (e.reason() == ExtentException.Reason.CORRUPT) {
                mend(key);
            }
            throw e;
        } catch (IOException e) {
            if (atWork.getAsBoolean()) {
                mend(key);
            }
            throw e;
        }
    }

    private void mend(ExtentKey key) throws IOException {
        extents.find(key)
                .ifPresent(at ->
                        missing.add(new ExtentRef(key.volume(), key.high(), key.low(), at.length(), at.crc32c()), 0));
    }

    /** Frees an extent, unless the state names it after all. */
    void discard(ExtentKey key) throws IOException {
        try (Replica.Reading reading = readNow.get()) {
            if (!reading.view().isReferenced(key.volume(), key.high(), key.low())) {
                extents.free(key);
            }
        }
    }

    /** Compares the extents with the state, both ways. */
    private void audit() {
        try (Replica.Reading reading = readNow.get()) {
            reading.view().forEachExtent(extent -> {
                try {
                    if (!extents.contains(MissingExtents.key(extent))) {
                        missing.add(extent, 0);
                    }
                } catch (IOException e) {
                    LOG.warn("audit of group {}", group, e);
                }
                return atWork.getAsBoolean();
            });
            extents.forEach((key, location) -> {
                if (!reading.view().isReferenced(key.volume(), key.high(), key.low())) {
                    reaper.unreferenced(key, location);
                }
                return atWork.getAsBoolean();
            });
            audited = true;
        } catch (RuntimeException e) {
            if (atWork.getAsBoolean()) {
                LOG.warn("audit of group {} was given up: {}", group, e.toString());
            }
        }
    }

    /** Frees, mends, compares: on the maintenance thread. @param scarce space is */
    void maintain(boolean fullAudit, boolean scarce) throws IOException {
        if (fullAudit || !audited || missing.size() == 0 && missing.takeOverflow()) {
            audit();
        }
        for (ExtentKey key : reaper.takeDue(scarce)) {
            discard(key);
        }
        extents.reclaim();
    }

    /** Fetches missing extents that are due. */
    void repair() throws InterruptedException, IOException {
        while (atWork.getAsBoolean()) {
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
        try (Replica.Reading reading = readNow.get()) {
            return reading.view().isReferenced(extent.volumeId(), extent.idHigh(), extent.idLow());
        }
    }

    private boolean isGood(ExtentRef extent) {
        try {
            extents.read(MissingExtents.key(extent), 0, extent.storedLength(), bytes -> {});
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
}
