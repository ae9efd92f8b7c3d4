package io.moorage.node.raft;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells followers what is committed when nothing else does. Each batch tells them of what was committed before it was sent; only
 * when none follows, or somebody waits for all of them, something has to be sent for this alone. Thread-safe.
 */
final class CommitAnnouncements {
    /**
     * How long after a commit it is announced. An announcement costs as much as a small batch: with 50 batches a second there
     * is none.
     */
    private static final long DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ScheduledExecutorService timer;
    private final BooleanSupplier announcement;
    private boolean unannounced;
    private long committedNanos;
    private boolean scheduled;

    /** @param announcement sends something to all followers and tells whether it did; called by any thread, also by two */
    CommitAnnouncements(ScheduledExecutorService timer, BooleanSupplier announcement) {
        this.timer = timer;
        this.announcement = announcement;
    }

    /** Something is being sent, which tells followers of all that was committed until now. */
    synchronized void sending() {
        unannounced = false;
    }

    /** Something was committed that the followers do not know of. */
    void committed() {
        synchronized (this) {
            unannounced = true;
            committedNanos = System.nanoTime();
            if (scheduled) {
                return;
            }
            scheduled = true;
        }
        schedule(DELAY_NANOS);
    }

    /** Somebody waits for all followers. */
    void atOnce() {
        boolean due;
        synchronized (this) {
            due = unannounced;
            unannounced = false;
        }
        if (due && !announcement.getAsBoolean()) {
            committed();
        }
    }

    private void schedule(long nanos) {
        timer.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long wait;
        synchronized (this) {
            wait = unannounced ? committedNanos + DELAY_NANOS - System.nanoTime() : 0;
            scheduled = wait > 0;
        }
        if (wait > 0) {
            schedule(wait);
        } else {
            atOnce();
        }
    }
}
