package io.moorage.node.replica;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * How much is going on, smoothed: what was a time constant ago counts for 37%. It is worked out when somebody asks, at most once
 * a second. Thread-safe.
 */
final class Load {
    /** Short enough to follow a day's course, too long for a burst to look like one. */
    static final long CONSTANT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final LongAdder counted = new LongAdder();
    private long since;
    private double rate;

    /** @param nanoTime a clock that never jumps */
    Load(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    void add(int operations) {
        counted.add(operations);
    }

    synchronized double perSecond() {
        long now = nanoTime.getAsLong();
        long passed = now - since;
        if (passed >= STEP_NANOS) {
            double current = counted.sumThenReset() * 1e9 / passed;
            rate = current + (rate - current) * Math.exp(-(double) passed / CONSTANT_NANOS);
            since = now;
        }
        return rate;
    }
}
