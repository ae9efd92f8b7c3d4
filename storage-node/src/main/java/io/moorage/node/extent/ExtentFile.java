package io.moorage.node.extent;

import java.io.IOException;
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
    private final long volume;
    private final long number;
    private final Path path;
    private final FileChannel channel;
    private final Executor syncer;
    private long end;
    private int writers;
    private boolean retired;
    private boolean syncing;
    private CompletableFuture<Void> nextSync;
    private boolean directorySynced;

    ExtentFile(long volume, long number, Path path, Executor syncer) throws IOException {
        this.volume = volume;
        this.number = number;
        this.path = path;
        this.syncer = syncer;
        this.channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
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
        writeFully(ExtentFormat.header(key, capacity, nowMs), offset);
        end += ExtentFormat.recordBytes(capacity);
        writers++;
        return offset;
    }

    void writeFully(ByteBuffer bytes, long offset) throws IOException {
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
        if (retired && writers == 0) {
            channel.close();
        }
    }

    /** Completes when everything written before this call is durable. */
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
                channel.force(false);
                if (!directorySynced) {
                    syncDirectory(path.getParent());
                    directorySynced = true;
                }
                current.complete(null);
            } catch (IOException | RuntimeException e) {
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
