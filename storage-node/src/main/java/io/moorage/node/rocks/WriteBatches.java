package io.moorage.node.rocks;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.rocksdb.WriteBatch;

/**
 * Write batches whose native memory is used again: with a new one for each write, pages are given back to the system and asked for
 * again each time. A few are kept, however many stores there are, and no large ones. Thread-safe.
 */
public final class WriteBatches implements AutoCloseable {
    private static final int KEPT = 4;
    private static final long LARGE_BYTES = 4 << 20;

    private final Queue<WriteBatch> free = new ArrayBlockingQueue<>(KEPT);

    /** An empty one; {@link #giveBack} it. */
    public WriteBatch take() {
        WriteBatch batch = free.poll();
        return batch == null ? new WriteBatch() : batch;
    }

    /** Nobody uses it after this. */
    public void giveBack(WriteBatch batch) {
        boolean large = batch.getDataSize() > LARGE_BYTES;
        batch.clear();
        if (large || !free.offer(batch)) {
            batch.close();
        }
    }

    @Override
    public void close() {
        for (WriteBatch batch = free.poll(); batch != null; batch = free.poll()) {
            batch.close();
        }
    }
}
