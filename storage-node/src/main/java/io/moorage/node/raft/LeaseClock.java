package io.moorage.node.raft;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What this leader adds to its group's lease time with each batch: how long ago the last one was, by a clock that never jumps.
 * What passes while nobody leads, or is not put into the log, does not count: a lease may last longer than it was granted for,
 * and never ends early. Thread-safe.
 */
final class LeaseClock {
    /** A leader that proposes nothing for longer has nobody's lease to end, or was not running. */
    private static final long MAX_STEP_MS = 10_000;

    private final LongSupplier nanoTime;
    private boolean leading;
    private long lastNanos;

    LeaseClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Somebody began to lead, perhaps this node: what others measured meanwhile is not counted again. */
    synchronized void restart() {
        leading = false;
    }

    /** Milliseconds that the next step would add; -1: none was made since the restart, so that time does not run yet. */
    synchronized long pendingMs() {
        return leading ? Math.min(TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - lastNanos), MAX_STEP_MS) : -1;
    }

    /** Milliseconds since the last call; 0 in the first one after a restart. */
    synchronized int step() {
        long now = nanoTime.getAsLong();
        if (!leading) {
            leading = true;
            lastNanos = now;
            return 0;
        }
        long elapsedMs = TimeUnit.NANOSECONDS.toMillis(now - lastNanos);
        lastNanos += TimeUnit.MILLISECONDS.toNanos(elapsedMs);
        return (int) Math.min(elapsedMs, MAX_STEP_MS);
    }
}
