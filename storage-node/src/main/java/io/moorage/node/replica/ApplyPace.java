package io.moorage.node.replica;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a member that does not lead applies what is committed. Mostly nobody waits for that, and entries that are applied one after the
 * other cost less each than those for which a thread has to be woken and whose data is no longer in the processor's caches. So it may
 * rest, until somebody waits. Thread-safe.
 */
final class ApplyPace {
    private final long restNanos;
    private int waiting;

    ApplyPace(Duration rest) {
        this.restNanos = rest.toNanos();
    }

    /** Somebody waits for something to be applied, until {@link #left()}. */
    synchronized void entered() {
        waiting++;
        notifyAll();
    }

    synchronized void left() {
        waiting--;
    }

    /** Waits until that time is over, or somebody else waits. */
    synchronized void rest() {
        long end = System.nanoTime() + restNanos;
        try {
            for (long left = restNanos; waiting == 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
