package io.moorage.client.call;

import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Waits between attempts within one deadline: decorrelated jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture
 * Blog, 2015). For one call on one thread.
 */
public final class Backoff {
    private static final long MIN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final long deadlineNanos;
    private long last = MIN_NANOS;

    public Backoff(Duration deadline) {
        this.deadlineNanos = System.nanoTime() + deadline.toNanos();
    }

    public long leftNanos() {
        return deadlineNanos - System.nanoTime();
    }

    /** Waits; false if the deadline would pass meanwhile. */
    public boolean pause(long atLeastMillis) {
        last = Math.min(MAX_NANOS, ThreadLocalRandom.current().nextLong(MIN_NANOS, last * 3 + 1));
        long wait = Math.max(last, TimeUnit.MILLISECONDS.toNanos(atLeastMillis));
        if (wait >= leftNanos()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "interrupted while waiting for the cluster",
                    0,
                    true,
                    Duration.ZERO,
                    e);
        }
    }
}
