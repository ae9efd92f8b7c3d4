package io.moorage.node.rocks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Small values that were read or written lately, of all stores of a node together, in bounded memory. Thread-safe. */
public final class RecentValues {
    /** Longer ones, of files with many extents, are few, and would push out a thousand others. */
    private static final int MAX_VALUE_BYTES = 2048;

    /** What an entry takes beside its bytes: two arrays, a key, and a node of the cache. */
    private static final int OVERHEAD_BYTES = 200;

    private final AtomicLong generations = new AtomicLong();
    private final Cache<Key, byte[]> values;

    /** Of one store since it was opened, since a range of it was deleted, or since it could not be written. */
    private record Key(long generation, byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.generation == generation && Arrays.equals(key.bytes, bytes);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(generation) + 31 * Arrays.hashCode(bytes);
        }
    }

    /** @param maxBytes of heap, about */
    public RecentValues(long maxBytes) {
        values = Caffeine.newBuilder()
                .maximumWeight(maxBytes)
                .weigher((Key key, byte[] value) -> OVERHEAD_BYTES + key.bytes.length + value.length)
                .executor(Runnable::run)
                .build();
    }

    /** A number under which nothing has been kept. What is left under a former one is pushed out in time. */
    public long newGeneration() {
        return generations.incrementAndGet();
    }

    /** Null: it is not known whether there is one. */
    public byte[] get(long generation, byte[] key) {
        return values.getIfPresent(new Key(generation, key));
    }

    /** Keeps a value in place of the one that was kept, unless it is long. */
    public void put(long generation, byte[] key, byte[] value) {
        if (value.length <= MAX_VALUE_BYTES) {
            values.put(new Key(generation, key), value);
        } else {
            remove(generation, key);
        }
    }

    /** Forgets a value. */
    public void remove(long generation, byte[] key) {
        values.invalidate(new Key(generation, key));
    }
}
