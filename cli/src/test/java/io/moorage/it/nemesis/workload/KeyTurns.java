package io.moorage.it.nemesis.workload;

import java.util.concurrent.atomic.AtomicLong;

/** Which keys are used now: a few at a time, and others after a while, so that no history grows without bounds. Thread-safe. */
final class KeyTurns {
    private final String prefix;
    private final int keys;
    private final int turn;
    private final AtomicLong used = new AtomicLong();

    /**
     * @param keys at a time
     * @param turn operations on each before others come
     */
    KeyTurns(String prefix, int keys, int turn) {
        this.prefix = prefix;
        this.keys = keys;
        this.turn = turn;
    }

    /** The key for the next operation. @param choice any number */
    String next(int choice) {
        long epoch = used.getAndIncrement() / ((long) turn * keys);
        return prefix + epoch + "-" + Math.floorMod(choice, keys);
    }
}
