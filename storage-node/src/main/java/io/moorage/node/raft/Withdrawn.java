package io.moorage.node.raft;

/**
 * A group in which this node takes no part for the time being: to the others it is as if the node were down.
 *
 * @param why for whoever looks
 * @param forSpace it comes back when there is space; otherwise when the node is restarted
 * @param attempts to come back, that failed
 * @param retryNanos when it may be tried again, by System.nanoTime()
 */
record Withdrawn(String why, boolean forSpace, int attempts, long retryNanos) {
    private static final long FIRST_NANOS = 2_000_000_000L;
    private static final long MAX_NANOS = 60_000_000_000L;

    static Withdrawn because(String why, boolean forSpace) {
        return new Withdrawn(why, forSpace, 0, System.nanoTime() + FIRST_NANOS);
    }

    /** After another attempt in vain. */
    Withdrawn again(String reason) {
        long wait = Math.min(MAX_NANOS, FIRST_NANOS << Math.min(attempts + 1, 6));
        return new Withdrawn(reason, forSpace, attempts + 1, System.nanoTime() + wait);
    }

    boolean isDue() {
        return forSpace && System.nanoTime() - retryNanos >= 0;
    }
}
