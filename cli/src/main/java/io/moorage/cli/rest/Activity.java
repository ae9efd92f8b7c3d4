package io.moorage.cli.rest;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether bytes of one exchange still move. Time that this side spends with them (a full pipe, a slow disk) is not the
 * network's. Thread-safe.
 */
public final class Activity {
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final AtomicInteger busy = new AtomicInteger();

    /** So many bytes came or went. */
    public void moved(long bytes) {
        moved.addAndGet(bytes);
        lastNanos.set(System.nanoTime());
    }

    /** Something on this side begins that may take its time. */
    public void busy() {
        busy.incrementAndGet();
    }

    /** It has ended. */
    public void idle() {
        lastNanos.set(System.nanoTime());
        busy.decrementAndGet();
    }

    /** Bytes so far. */
    long bytes() {
        return moved.get();
    }

    /** Nanoseconds for which nothing has come from or gone to the network. */
    long silentNanos() {
        return busy.get() > 0 ? 0 : System.nanoTime() - lastNanos.get();
    }
}
