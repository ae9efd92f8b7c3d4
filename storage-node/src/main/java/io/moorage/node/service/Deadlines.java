package io.moorage.node.service;

import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;

/** How long a call may take. */
final class Deadlines {
    private static final long DEFAULT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final long MAX_NANOS = TimeUnit.MINUTES.toNanos(10);

    private Deadlines() {}

    /** By System.nanoTime(). @param timeoutMs 0 = 15 s */
    static long nanos(int timeoutMs) {
        long left = timeoutMs == 0 ? DEFAULT_NANOS : TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(timeoutMs));
        return System.nanoTime() + Math.min(left, MAX_NANOS);
    }

    /** By System.nanoTime(): the present call's deadline, or 15 s if it has none. */
    static long nanos() {
        Deadline deadline = Context.current().getDeadline();
        long left = deadline == null ? DEFAULT_NANOS : deadline.timeRemaining(TimeUnit.NANOSECONDS);
        return System.nanoTime() + Math.min(left, MAX_NANOS);
    }
}
