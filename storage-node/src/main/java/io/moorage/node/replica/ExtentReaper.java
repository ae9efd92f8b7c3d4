package io.moorage.node.replica;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentLocation;
import io.moorage.node.extent.ExtentStoreOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows when extents that nothing names may go, some time (by a clock that never jumps) after that became so: readers may still be
 * at it, and an upload that is not committed yet looks the same. What it forgets (a crash, its bound) the audit finds again.
 * Thread-safe.
 */
final class ExtentReaper {
    private static final int BOUND = 200_000;
    /** When space is scarce, room for what is new comes before those who read small entries very slowly: large ones are pinned. */
    private static final Duration SCARCE_GRACE = Duration.ofMinutes(1);

    /** @param released the state named it once */
    private record Due(long nanos, boolean released) {}

    private final ExtentStoreOptions options;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** What was released goes by so much earlier when space is scarce. */
    private final long hurryNanos;

    private final Map<ExtentKey, Due> due = new HashMap<>();

    /** @param nanoTime as of {@link System#nanoTime} */
    ExtentReaper(ExtentStoreOptions options, InstantSource clock, LongSupplier nanoTime) {
        this.options = options;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.hurryNanos = Math.max(0, options.readerGrace().minus(SCARCE_GRACE).toNanos());
    }

    /** The state named it until now. */
    synchronized void released(ExtentKey key) {
        put(key, options.readerGrace(), true);
    }

    /** The state does not name it; perhaps it never did, or not yet. */
    synchronized void unreferenced(ExtentKey key, ExtentLocation location) {
        if (!due.containsKey(key)) {
            // How old it is, only the clock on the wall can tell; it must not make it wait for longer than a new one.
            Duration left = options.orphanGrace().minusMillis(Math.max(0, clock.millis() - location.createdMs()));
            Duration wait = left.compareTo(options.readerGrace()) > 0 ? left : options.readerGrace();
            // Perhaps an upload that others have lost as well: it is not hurried.
            put(key, wait, false);
        }
    }

    /** The state names it (again). */
    synchronized void referenced(ExtentKey key) {
        due.remove(key);
    }

    /** Those that the state named once. */
    synchronized List<ExtentKey> waitingReleased() {
        return due.entrySet().stream()
                .filter(entry -> entry.getValue().released())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Those that may go, if they still are not named; they are not known here any more. @param scarce space is */
    synchronized List<ExtentKey> takeDue(boolean scarce) {
        List<ExtentKey> taken = new ArrayList<>();
        long now = nanoTime.getAsLong();
        due.entrySet().removeIf(entry -> {
            long hurry = scarce && entry.getValue().released() ? hurryNanos : 0;
            boolean isDue = entry.getValue().nanos() - hurry - now <= 0;
            if (isDue) {
                taken.add(entry.getKey());
            }
            return isDue;
        });
        return taken;
    }

    private void put(ExtentKey key, Duration wait, boolean released) {
        if (due.size() < BOUND) {
            due.put(key, new Due(nanoTime.getAsLong() + wait.toNanos(), released));
        }
    }
}
