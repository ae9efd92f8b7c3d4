package io.moorage.node.replica;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.store.ExtentRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Extents that the state names and that this replica has no good copy of. Bounded: what does not fit is found again by the next
 * audit. Thread-safe.
 */
final class MissingExtents {
    private static final int BOUND = 100_000;
    /** One that was due to arrive, and is looked for this much later, is not on its way any more. */
    private static final long LATE_NANOS = 2_000_000_000L;

    private record Wanted(ExtentRef extent, boolean onItsWay, long dueNanos, int attempts) {}

    private final Map<ExtentKey, Wanted> wanted = new LinkedHashMap<>();
    private boolean overflown;

    /** @param delayNanos until it is worth looking for: its writer may be about to finish */
    synchronized void add(ExtentRef extent, long delayNanos) {
        if (wanted.size() >= BOUND) {
            overflown = true;
            return;
        }
        wanted.putIfAbsent(key(extent), new Wanted(extent, delayNanos > 0, System.nanoTime() + delayNanos, 0));
    }

    synchronized void remove(ExtentRef extent) {
        wanted.remove(key(extent));
    }

    synchronized void removeVolume(long volume) {
        wanted.keySet().removeIf(key -> key.volume() == volume);
    }

    synchronized boolean contains(ExtentKey key) {
        return wanted.containsKey(key);
    }

    synchronized int size() {
        return wanted.size();
    }

    /** Those that have to be fetched; not those that are likely to be on their way from their writer still. */
    synchronized int toFetch() {
        long now = System.nanoTime();
        return (int) wanted.values().stream()
                .filter(each -> !each.onItsWay || now - each.dueNanos > LATE_NANOS)
                .count();
    }

    /** Whether some did not fit since the last call. */
    synchronized boolean takeOverflow() {
        boolean was = overflown;
        overflown = false;
        return was;
    }

    /** One that is due; it comes again later, ever more rarely, until it is removed. */
    synchronized Optional<ExtentRef> next() {
        long now = System.nanoTime();
        for (Map.Entry<ExtentKey, Wanted> entry : wanted.entrySet()) {
            Wanted each = entry.getValue();
            if (each.dueNanos - now <= 0) {
                long backoff = Math.min(60_000_000_000L, 1_000_000_000L << Math.min(each.attempts, 6));
                wanted.remove(entry.getKey());
                wanted.put(entry.getKey(), new Wanted(each.extent, false, now + backoff, each.attempts + 1));
                return Optional.of(each.extent);
            }
        }
        return Optional.empty();
    }

    static ExtentKey key(ExtentRef extent) {
        return new ExtentKey(extent.volumeId(), extent.idHigh(), extent.idLow());
    }
}
