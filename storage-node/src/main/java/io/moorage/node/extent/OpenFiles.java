package io.moorage.node.extent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files open for reading, the least recently used ones closed past a bound. Thread-safe. */
final class OpenFiles implements AutoCloseable {

    /** An open file; close it when done with the read. */
    final class Lease implements AutoCloseable {
        private final FileChannel channel;
        private int users;

        private Lease(FileChannel channel) {
            this.channel = channel;
        }

        FileChannel channel() {
            return channel;
        }

        @Override
        public void close() throws IOException {
            synchronized (OpenFiles.this) {
                users--;
                evict();
            }
        }
    }

    private final int bound;
    private final LinkedHashMap<Path, Lease> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(int bound) {
        this.bound = bound;
    }

    /** @throws java.nio.file.NoSuchFileException if it was removed */
    synchronized Lease lease(Path path) throws IOException {
        Lease lease = open.get(path);
        if (lease == null) {
            lease = new Lease(FileChannel.open(path, StandardOpenOption.READ));
            open.put(path, lease);
        }
        lease.users++;
        evict();
        return lease;
    }

    /** The file is about to be removed; those who read it may go on. */
    synchronized void forget(Path path) {
        Lease lease = open.get(path);
        if (lease != null && lease.users == 0) {
            open.remove(path);
            closeQuietly(lease);
        }
    }

    synchronized int size() {
        return open.size();
    }

    @Override
    public synchronized void close() {
        open.values().forEach(OpenFiles::closeQuietly);
        open.clear();
    }

    private void evict() {
        Iterator<Map.Entry<Path, Lease>> eldest = open.entrySet().iterator();
        while (open.size() > bound && eldest.hasNext()) {
            Lease lease = eldest.next().getValue();
            if (lease.users == 0) {
                eldest.remove();
                closeQuietly(lease);
            }
        }
    }

    private static void closeQuietly(Lease lease) {
        try {
            lease.channel.close();
        } catch (IOException e) {
            // It was open for reading: nothing is lost.
        }
    }
}
