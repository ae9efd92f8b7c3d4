package io.moorage.node.extent;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A file that extents are being appended to. Space is handed out in order; data is written to it by many threads at once. One
 * sync serves everybody who waits for one while the last one runs. Thread-safe.
 */
final class ExtentFile {
    private static final long GROWTH_BYTES = 16L << 20;

    private final long volume;
    private final long number;
    private final Path path;
    private final FileChannel channel;
    /** For whole pages: another way to the same file, or the same. */
    private final FileChannel pages;

    private final Executor syncer;
    private final Disk disk;
    private long end;
    private long size;
    private int writers;
    private boolean retired;
    private boolean syncing;
    private CompletableFuture<Void> nextSync;
    private boolean directorySynced;
    /** Why a sync failed: another one would succeed, and lie about what the first one lost. */
    private Throwable unsynced;

    ExtentFile(long volume, long number, Path path, boolean directWrites, Executor syncer, Disk disk)
            throws IOException {
        this.volume = volume;
        this.number = number;
        this.path = path;
        this.syncer = syncer;
        this.disk = disk;
        this.channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            this.pages = directWrites ? DirectWrites.open(path) : channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    long volume() {
        return volume;
    }

    long number() {
        return number;
    }

    synchronized long end() {
        return end;
    }

    /** Reserves space and writes the header; the offset of the header. The writer must {@link #release} the file. */
    synchronized long reserve(ExtentKey key, int capacity, long nowMs) throws IOException {
        long offset = end;
        long next = offset + ExtentFormat.recordBytes(capacity);
        if (next > size) {
            // A hole, which takes no space. Writes of pages within the file need not wait for each other.
            long longer = Math.max(next, size + GROWTH_BYTES);
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(longer);
            }
            size = longer;
        }
        writeFully(channel, ExtentFormat.header(key, capacity, nowMs), offset);
        end = next;
        writers++;
        return offset;
    }

    /** @param bytes whole pages of {@link DirectWrites#buffer} memory */
    void writePages(ByteBuffer bytes, long offset) throws IOException {
        writeFully(pages, bytes, offset);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long offset) throws IOException {
        long position = offset;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** A writer is done with it. */
    synchronized void release() throws IOException {
        writers--;
        closeIfUnused();
    }

    /** Nothing more is reserved in it; it closes when its last writer is done. */
    synchronized void retire() throws IOException {
        retired = true;
        closeIfUnused();
    }

    private void closeIfUnused() throws IOException {
        if (retired && writers == 0 && channel.isOpen()) {
            try (channel;
                    pages) {
                channel.truncate(end);
            }
        }
    }

    Path path() {
        return path;
    }

    /** Completes when everything written before this call is durable; once that failed, it always fails. */
    synchronized CompletableFuture<Void> sync() {
        if (nextSync == null) {
            nextSync = new CompletableFuture<>();
        }
        CompletableFuture<Void> mine = nextSync;
        if (!syncing) {
            syncing = true;
            syncer.execute(this::runSyncs);
        }
        return mine;
    }

    private void runSyncs() {
        while (true) {
            CompletableFuture<Void> current;
            synchronized (this) {
                current = nextSync;
                nextSync = null;
                if (current == null) {
                    syncing = false;
                    return;
                }
            }
            try {
                if (unsynced != null) {
                    throw new IOException("an earlier sync of " + path + " failed", unsynced);
                }
                disk.sync(path, channel);
                if (!directorySynced) {
                    syncDirectory(path.getParent());
                    directorySynced = true;
                }
                current.complete(null);
            } catch (IOException | RuntimeException e) {
                if (unsynced == null) {
                    unsynced = e;
                    // Before anybody learns of it: a crash may follow at once.
                    SuspectFiles.mark(path, e);
                }
                current.completeExceptionally(e);
            }
        }
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
