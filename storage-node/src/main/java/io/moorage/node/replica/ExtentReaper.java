package io.moorage.node.replica;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.extent.ExtentLocation;
import io.moorage.node.extent.ExtentStore;
import io.moorage.node.extent.ExtentStoreOptions;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Frees extents that nothing names, some time after that became so: readers may still be at it, and an upload that is not
 * committed yet looks the same. What it forgets (a restart, its bound) the audit finds again. Thread-safe.
 */
final class ExtentReaper {
    private static final int BOUND = 200_000;

    private final ExtentStoreOptions options;
    private final InstantSource clock;
    private final Map<ExtentKey, Long> dueMs = new HashMap<>();

    ExtentReaper(ExtentStoreOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /** The state named it until now. */
    synchronized void released(ExtentKey key) {
        put(key, clock.millis() + options.readerGrace().toMillis());
    }

    /** The state does not name it; perhaps it never did, or not yet. */
    synchronized void unreferenced(ExtentKey key, ExtentLocation location) {
        if (!dueMs.containsKey(key)) {
            put(
                    key,
                    Math.max(
                            clock.millis() + options.readerGrace().toMillis(),
                            location.createdMs() + options.orphanGrace().toMillis()));
        }
    }

    /** The state names it (again). */
    synchronized void referenced(ExtentKey key) {
        dueMs.remove(key);
    }

    synchronized int waiting() {
        return dueMs.size();
    }

    /** Frees what is due and still not named. */
    void reap(ExtentStore extents, Predicate<ExtentKey> named) throws IOException {
        List<ExtentKey> due = new ArrayList<>();
        synchronized (this) {
            long now = clock.millis();
            dueMs.entrySet().removeIf(entry -> {
                if (entry.getValue() <= now) {
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

    private void put(ExtentKey key, long due) {
        if (dueMs.size() < BOUND) {
            dueMs.put(key, due);
        }
    }
}
