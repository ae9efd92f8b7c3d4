package io.moorage.it.nemesis.history;

import io.moorage.it.nemesis.check.Operation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What clients asked and were answered, by key. An operation that certainly had no effect leaves nothing but a number. Thread-safe.
 *
 * @param <I> what was asked; its toString is what people read
 * @param <O> what was answered
 */
public final class History<I, O> {
    private final ConcurrentMap<String, List<Operation<I, O>>> byKey = new ConcurrentHashMap<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** One that was answered. */
    public void answered(String key, int client, I input, O output, long callNanos) {
        add(key, new Operation<>(client, input, output, callNanos, System.nanoTime()));
        answered.incrementAndGet();
    }

    /** One that may take effect at any time, or not at all. */
    public void unknown(String key, int client, I input, long callNanos) {
        add(key, new Operation<>(client, input, null, callNanos, Operation.NEVER));
        unknown.incrementAndGet();
    }

    /** One that certainly had no effect. */
    public void refused() {
        refused.incrementAndGet();
    }

    private void add(String key, Operation<I, O> operation) {
        byKey.computeIfAbsent(key, k -> Collections.synchronizedList(new ArrayList<>()))
                .add(operation);
    }

    public List<String> keys() {
        return byKey.keySet().stream().sorted().toList();
    }

    /** By when they were called. */
    public List<Operation<I, O>> of(String key) {
        List<Operation<I, O>> operations = byKey.getOrDefault(key, List.of());
        synchronized (operations) {
            return operations.stream()
                    .sorted(Comparator.comparingLong(Operation::callNanos))
                    .toList();
        }
    }

    public Counts counts() {
        return new Counts(answered.get(), unknown.get(), refused.get());
    }
}
