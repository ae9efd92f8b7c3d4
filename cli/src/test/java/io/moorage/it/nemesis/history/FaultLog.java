package io.moorage.it.nemesis.history;

import java.util.ArrayList;
import java.util.List;

/** What was done to the cluster, and when. Thread-safe. */
public final class FaultLog {
    /** @param nanos by System.nanoTime() */
    public record Entry(long nanos, String text) {}

    private final List<Entry> entries = new ArrayList<>();

    public synchronized void add(String text) {
        entries.add(new Entry(System.nanoTime(), text));
    }

    public synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }
}
