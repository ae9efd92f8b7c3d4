package io.moorage.node.extent;

import io.moorage.node.rocks.RocksResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All extents of one replica. It knows where they are and gives out verified bytes only; what the state still names, and so
 * what may be freed, it is told. Thread-safe.
 *
 * <p>A failed sync is final: what reached the disk is then unknown, and a second try would lie about it (Rebello et al., "Can
 * Applications Recover from fsync Failures?", 2020). Reads go on; writes are refused until the node was restarted.
 */
public final class ExtentStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentStore.class);

    private final Path directory;
    private final ExtentStoreOptions options;
    private final InstantSource clock;
    private final Executor syncer;
    private final Disk disk;
    private final ExtentIndex index;
    private final OpenFiles openFiles;
    private final boolean directWrites;
    private final SpaceLedger ledger = new SpaceLedger();
    private final Map<Long, ExtentFile> active = new ConcurrentHashMap<>();
    private final Set<ExtentKey> beingWritten = ConcurrentHashMap.newKeySet();
    private final Set<Long> dropped = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextFile = new AtomicLong(1);
    private final AtomicLong corruptions = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private ExtentStore(
            Path directory,
            ExtentStoreOptions options,
            InstantSource clock,
            Executor syncer,
            Disk disk,
            RocksResources resources)
            throws IOException {
        this.directory = directory;
        this.options = options;
        this.clock = clock;
        this.syncer = syncer;
        this.disk = disk;
        this.openFiles = new OpenFiles(options.openFiles());
        this.index = new ExtentIndex(directory.resolve("index"), resources);
        Files.createDirectories(directory.resolve("volumes"));
        this.directWrites = options.directWrites() && DirectWrites.work(directory);
    }

    /**
     * Opens or makes the store, and finds again what a crash made the index forget.
     *
     * @param syncer runs syncs, which block; its threads bound how many files sync at once
     */
    public static ExtentStore open(
            Path directory,
            ExtentStoreOptions options,
            InstantSource clock,
            Executor syncer,
            Disk disk,
            RocksResources resources)
            throws IOException {
        ExtentStore store = new ExtentStore(directory, options, clock, syncer, disk, resources);
        try {
            long highest = new ExtentRecovery(store.directory, store.index, store.ledger).run();
            store.nextFile.set(highest + 1);
            return store;
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /**
     * Starts an extent.
     *
     * @param capacity 1 to 4 MiB, the most bytes it will hold
     */
    public ExtentWriter create(ExtentKey key, int capacity) throws ExtentException {
        return create(key, capacity, false);
    }

    /** Starts an extent that takes the place of a copy that is there, if one is, when it is finished. */
    public ExtentWriter replace(ExtentKey key, int capacity) throws ExtentException {
        return create(key, capacity, true);
    }

    private ExtentWriter create(ExtentKey key, int capacity, boolean mayExist) throws ExtentException {
        if (capacity < 1 || capacity > ExtentFormat.MAX_CAPACITY) {
            throw new ExtentException(
                    ExtentException.Reason.INVALID,
                    "extent " + key + ": capacity " + capacity + " must be 1 to " + ExtentFormat.MAX_CAPACITY,
                    null);
        }
        checkWritable();
        if (dropped.contains(key.volume())) {
            throw missing(key);
        }
        if (!beingWritten.add(key)) {
            throw exists(key);
        }
        try {
            if (!mayExist && index.get(key) != null) {
                beingWritten.remove(key);
                throw exists(key);
            }
            long now = clock.millis();
            synchronized (active) {
                ExtentFile file = activeFile(key.volume());
                long offset = file.reserve(key, capacity, now);
                ledger.reserved(key.volume(), file.number(), ExtentFormat.recordBytes(capacity));
                return new ExtentWriter(this, file, key, offset, capacity, now);
            }
        } catch (ExtentException e) {
            throw e;
        } catch (IOException e) {
            beingWritten.remove(key);
            throw writeFailed(e);
        }
    }

    public boolean contains(ExtentKey key) throws IOException {
        return index.get(key) != null;
    }

    public Optional<ExtentLocation> find(ExtentKey key) throws IOException {
        return Optional.ofNullable(index.get(key));
    }

    /**
     * Reads verified bytes.
     *
     * @param sink gets buffers of at most 1 MiB that it may keep
     * @throws ExtentException MISSING or CORRUPT; the sink has then got only good bytes
     */
    public void read(ExtentKey key, int offset, int length, ExtentReader.Sink sink) throws IOException {
        for (int attempt = 0; ; attempt++) {
            ExtentLocation location = index.get(key);
            if (location == null) {
                throw missing(key);
            }
            OpenFiles.Lease lease;
            try {
                lease = openFiles.lease(pathOf(key.volume(), location.file()));
            } catch (NoSuchFileException e) {
                if (attempt < 3) {
                    // Compaction moved it between the two look-ups.
                    continue;
                }
                throw missing(key);
            }
            try (lease) {
                new ExtentReader(lease.channel(), key, location).read(offset, length, sink);
                return;
            } catch (ExtentException e) {
                if (e.reason() == ExtentException.Reason.CORRUPT) {
                    corruptions.incrementAndGet();
                    LOG.error("{}", e.getMessage());
                }
                throw e;
            }
        }
    }

    /** Frees an extent. Reads of it that are under way may fail. */
    public void free(ExtentKey key) throws IOException {
        ExtentLocation location = index.get(key);
        if (location != null) {
            index.delete(key);
            ledger.freed(key.volume(), location.file(), location.recordBytes());
        }
    }

    /** Deletes all extents of a volume: a directory and a range of keys. */
    public void dropVolume(long volume) throws IOException {
        dropped.add(volume);
        synchronized (active) {
            ExtentFile file = active.remove(volume);
            if (file != null) {
                file.retire();
            }
        }
        index.deleteVolume(volume);
        ledger.dropped(volume);
        Path path = directory.resolve("volumes").resolve(Long.toHexString(volume));
        if (Files.exists(path)) {
            try (var files = Files.walk(path)) {
                for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                    openFiles.forget(each);
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    /** All extents in the order of their keys. */
    public void forEach(java.util.function.BiPredicate<ExtentKey, ExtentLocation> visitor) {
        index.forEach(visitor::test);
    }

    /**
     * Extents in the order of their keys.
     *
     * @param after where to go on; null: from the first one
     * @param visitor false ends it
     */
    public void forEachAfter(ExtentKey after, java.util.function.BiPredicate<ExtentKey, ExtentLocation> visitor) {
        index.forEachAfter(after, visitor::test);
    }

    /** Gives freed space back: deletes files without live extents, and rewrites one that is mostly garbage. */
    public void reclaim() throws IOException {
        new ExtentCompaction(this, index, ledger).run();
    }

    /** What the index knows is durable after this, together with the data, which always is. */
    public void flush() throws IOException {
        index.flush();
    }

    public Stats stats() {
        return new Stats(
                ledger.liveBytes(), ledger.garbageBytes(), ledger.files(), openFiles.size(), corruptions.get());
    }

    /** Why nothing can be written any more. Empty: all is well. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure.get());
    }

    /**
     * @param liveBytes of extents, headers included
     * @param garbageBytes of freed and aborted ones, not given back yet
     * @param corruptions seen by reads since the start
     */
    public record Stats(long liveBytes, long garbageBytes, int files, int openFiles, long corruptions) {}

    ExtentStoreOptions options() {
        return options;
    }

    Path pathOf(long volume, long file) {
        return directory
                .resolve("volumes")
                .resolve(Long.toHexString(volume))
                .resolve(String.format(java.util.Locale.ROOT, "%010d.ext", file));
    }

    /** Whether extents are still being added to this file. */
    boolean isActive(long volume, long file) {
        ExtentFile current = active.get(volume);
        return current != null && current.number() == file;
    }

    /** Ends the active file of a volume, so that its space can be reclaimed. */
    void roll(long volume) throws IOException {
        synchronized (active) {
            ExtentFile file = active.remove(volume);
            if (file != null) {
                file.retire();
            }
        }
    }

    /** Copies an extent, verified, to the active file and makes the index name the copy. */
    void move(ExtentKey key, ExtentLocation from) throws IOException, InterruptedException, ExecutionException {
        checkWritable();
        ExtentWriter writer;
        synchronized (active) {
            ExtentFile file = activeFile(key.volume());
            long offset = file.reserve(key, from.length(), from.createdMs());
            ledger.reserved(key.volume(), file.number(), ExtentFormat.recordBytes(from.length()));
            writer = new ExtentWriter(this, file, key, offset, from.length(), from.createdMs());
        }
        try {
            read(key, 0, from.length(), writer::write);
        } catch (IOException e) {
            writer.abort();
            throw e;
        }
        writer.finish(from.length(), from.crc32c()).get();
    }

    void deleteFile(long volume, long file) throws IOException {
        Path path = pathOf(volume, file);
        openFiles.forget(path);
        Files.deleteIfExists(path);
        index.deleteSealed(volume, file);
        ledger.deleted(volume, file);
    }

    void completed(ExtentKey key, ExtentLocation location) throws IOException {
        if (dropped.contains(key.volume())) {
            throw missing(key);
        }
        ExtentLocation before = index.get(key);
        index.put(key, location);
        if (before != null) {
            ledger.freed(key.volume(), before.file(), before.recordBytes());
        }
    }

    void ended(ExtentFile file, ExtentKey key, long garbage) {
        beingWritten.remove(key);
        if (garbage > 0) {
            ledger.freed(file.volume(), file.number(), garbage);
        }
        try {
            file.release();
        } catch (IOException e) {
            LOG.warn("extent file of volume {} cannot be closed", Long.toHexString(file.volume()), e);
        }
    }

    /** A write failed before anything depended on it: a full disk is told from a broken one. */
    ExtentException writeFailed(IOException e) {
        if (NoSpace.isReason(e)) {
            return new ExtentException(ExtentException.Reason.DISK_FULL, "no space left in " + directory, e);
        }
        return syncFailed(e);
    }

    ExtentException syncFailed(Throwable e) {
        if (e instanceof ExtentException known) {
            return known;
        }
        if (failure.compareAndSet(null, e)) {
            LOG.error("extents in {} cannot be written any more", directory, e);
        }
        return new ExtentException(
                ExtentException.Reason.FAILED, "extents in " + directory + " cannot be written: " + e, e);
    }

    @Override
    public void close() {
        synchronized (active) {
            for (ExtentFile file : active.values()) {
                try {
                    file.retire();
                } catch (IOException e) {
                    LOG.warn("extent file of volume {} cannot be closed", Long.toHexString(file.volume()), e);
                }
            }
            active.clear();
        }
        openFiles.close();
        index.close();
    }

    private void checkWritable() throws ExtentException {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new ExtentException(
                    ExtentException.Reason.FAILED,
                    "extents in " + directory + " cannot be written since " + cause + "; restart the node",
                    cause);
        }
    }

    /** Under the lock of `active`. */
    private ExtentFile activeFile(long volume) throws IOException {
        ExtentFile file = active.get(volume);
        if (file != null && file.end() >= options.fileBytes()) {
            active.remove(volume);
            file.retire();
            file = null;
        }
        if (file == null) {
            long number = nextFile.getAndIncrement();
            Path path = pathOf(volume, number);
            Files.createDirectories(path.getParent());
            file = new ExtentFile(volume, number, path, directWrites, syncer, disk);
            active.put(volume, file);
        }
        return file;
    }

    private static ExtentException exists(ExtentKey key) {
        return new ExtentException(
                ExtentException.Reason.INVALID, "extent " + key + " exists, or is being written", null);
    }

    private static ExtentException missing(ExtentKey key) {
        return new ExtentException(ExtentException.Reason.MISSING, "extent " + key + " is not here", null);
    }
}
