package io.moorage.node.replica;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentLocation;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.extent.ExtentStoreOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Frees extents that nothing names, some time (by a clock that never jumps) after that became so: readers may still be at it, and an upload that is not
 * committed yet looks the same. What it forgets (a restart, its bound) the audit finds again. Thread-safe.
 */
final class ExtentReaper {
    private static final int BOUND = 200_000;

    private final ExtentStoreOptions options;
    private final InstantSource clock;
    private final Map<ExtentKey, Long> dueNanos = new HashMap<>();

    ExtentReaper(ExtentStoreOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** The state named it until now. */
    synchronized void released(ExtentKey key) {
        put(key, options.readerGrace());
    }

    /** The state does not name it; perhaps it never did, or not yet. */
    synchronized void unreferenced(ExtentKey key, ExtentLocation location) {
        if (!dueNanos.containsKey(key)) {
            // How old it is, only the clock on the wall can tell; it must not make it wait for longer than a new one.
            Duration left = options.orphanGrace().minusMillis(Math.max(0, clock.millis() - location.createdMs()));
            put(key, left.compareTo(options.readerGrace()) > 0 ? left : options.readerGrace());
        }
    }

    /** The state names it (again). */
    synchronized void referenced(ExtentKey key) {
        dueNanos.remove(key);
    }

    synchronized int waiting() {
        return dueNanos.size();
    }

    /** Frees what is due and still not named. */
    void reap(ExtentStore extents, Predicate<ExtentKey> named) throws IOException {
        List<ExtentKey> due = new ArrayList<>();
        synchronized (this) {
            long now = System.nanoTime();
            dueNanos.entrySet().removeIf(entry -> {
                if (entry.getValue() - now <= 0) {
                    due.add(entry.getKey());
                    return true;
                }
                return false;
            });
        }
        for (ExtentKey key : due) {
            if (!named.test(key)) {
                extents.free(key);
            }
        }
    }

    private void put(ExtentKey key, Duration wait) {
        if (dueNanos.size() < BOUND) {
            dueNanos.put(key, System.nanoTime() + wait.toNanos());
        }
    }
}
