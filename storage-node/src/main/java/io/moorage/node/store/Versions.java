package io.moorage.node.store;

/**
 * Versions are positions in a group's log: log index * 4096 + ordinal of the command within the log entry. They grow with every
 * command, and the log index can be read off them.
 */
public final class Versions {
    /** Commands in one log entry, at most. */
    public static final int MAX_BATCH = 4096;

    private Versions() {}

    public static long of(long index, int ordinal) {
        return index * MAX_BATCH + ordinal;
    }

    /** The last version that the log entry at this index can write. */
    public static long lastOf(long index) {
        return of(index, MAX_BATCH - 1);
    }

    public static long indexOf(long version) {
        return version / MAX_BATCH;
    }
}
