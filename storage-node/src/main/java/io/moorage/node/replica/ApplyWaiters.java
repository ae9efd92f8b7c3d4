package io.moorage.node.replica;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Those who wait, without a thread, until a replica has applied a log index, or something of a volume's change feed. Bounded.
 * Thread-safe; the futures are completed on the applying thread, so what depends on them belongs on another.
 */
public final class ApplyWaiters {
    private static final int MAX_WAITERS = 20_000;

    private final TreeMap<Long, Set<CompletableFuture<Void>>> byIndex = new TreeMap<>();
    private final Map<Long, Set<CompletableFuture<Void>>> byVolume = new HashMap<>();
    private final ApplyPace pace;
    private volatile int size;
    private boolean closed;

    ApplyWaiters(ApplyPace pace) {
        this.pace = pace;
    }

    /**
     * Completes when the index is applied, or at once if it is.
     *
     * @param applied the index that is applied now; asked for after the waiter is in place
     */
    public CompletableFuture<Void> index(long index, java.util.function.LongSupplier applied) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        add(byIndex, index, waiter);
        if (applied.getAsLong() >= index) {
            waiter.complete(null);
        }
        return waiter;
    }

    /** Completes at the next change of a volume. Look whether there is one already after this call, not before. */
    public CompletableFuture<Void> change(long volume) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        add(byVolume, volume, waiter);
        return waiter;
    }

    private void add(Map<Long, Set<CompletableFuture<Void>>> waiters, long key, CompletableFuture<Void> waiter) {
        synchronized (this) {
            if (closed) {
                waiter.complete(null);
                return;
            }
            if (size >= MAX_WAITERS) {
                throw NodeErrors.slowDown(size + " calls wait for changes on this replica", 1000);
            }
            waiters.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(waiter);
            size++;
        }
        pace.entered();
        // However it ends: a caller that gives up completes it as well.
        waiter.whenComplete((done, failure) -> remove(waiters, key, waiter));
    }

    private void remove(Map<Long, Set<CompletableFuture<Void>>> waiters, long key, CompletableFuture<Void> waiter) {
        pace.left();
        synchronized (this) {
            Set<CompletableFuture<Void>> present = waiters.get(key);
            if (present != null && present.remove(waiter)) {
                size--;
                if (present.isEmpty()) {
                    waiters.remove(key);
                }
            }
        }
    }

    void applied(long index, Collection<Long> changedVolumes) {
        if (size == 0) {
            return;
        }
        List<CompletableFuture<Void>> due = new ArrayList<>();
        synchronized (this) {
            byIndex.headMap(index, true).values().forEach(due::addAll);
            for (long volume : changedVolumes) {
                due.addAll(byVolume.getOrDefault(volume, Set.of()));
            }
        }
        due.forEach(waiter -> waiter.complete(null));
    }

    /** The state was exchanged, or is closed: everybody looks again. */
    void wakeAll(boolean forGood) {
        List<CompletableFuture<Void>> due = new ArrayList<>();
        synchronized (this) {
            closed |= forGood;
            byIndex.values().forEach(due::addAll);
            byVolume.values().forEach(due::addAll);
        }
        due.forEach(waiter -> waiter.complete(null));
    }
}
