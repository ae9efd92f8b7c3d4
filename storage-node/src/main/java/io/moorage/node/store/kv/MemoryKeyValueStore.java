package io.moorage.node.store.kv;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A store in memory, for tests and simulations: as ordered and as atomic as the one on disk. {@link #crash()} answers what a
 * process that dies now would find: the state at the last flush.
 */
public final class MemoryKeyValueStore implements KeyValueStore {
    private final Map<Family, TreeMap<byte[], byte[]>> live;
    private Map<Family, TreeMap<byte[], byte[]>> flushed;

    public MemoryKeyValueStore() {
        this(empty());
    }

    private MemoryKeyValueStore(Map<Family, TreeMap<byte[], byte[]>> content) {
        this.live = content;
        this.flushed = copy(content);
    }

    /** The store as it was at the last flush. */
    public synchronized MemoryKeyValueStore crash() {
        return new MemoryKeyValueStore(copy(flushed));
    }

    @Override
    public synchronized byte[] get(Family family, byte[] key) {
        return live.get(family).get(key);
    }

    @Override
    public synchronized Cursor range(Family family, byte[] from, byte[] to) {
        return new MapCursor(new TreeMap<>(live.get(family).subMap(from, to)), from);
    }

    @Override
    public synchronized View view() {
        Map<Family, TreeMap<byte[], byte[]>> content = copy(live);
        return new View() {
            @Override
            public byte[] get(Family family, byte[] key) {
                return content.get(family).get(key);
            }

            @Override
            public Cursor range(Family family, byte[] from, byte[] to) {
                return new MapCursor(new TreeMap<>(content.get(family).subMap(from, to)), from);
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public synchronized void write(List<RangeDelete> deletes, List<Mutation> mutations) {
        for (RangeDelete delete : deletes) {
            live.get(delete.family()).subMap(delete.from(), delete.to()).clear();
        }
        for (Mutation mutation : mutations) {
            if (mutation.value() == null) {
                live.get(mutation.family()).remove(mutation.key());
            } else {
                live.get(mutation.family()).put(mutation.key(), mutation.value());
            }
        }
    }

    @Override
    public synchronized void flush() {
        flushed = copy(live);
    }

    @Override
    public void checkpoint(Path directory) {
        throw new UnsupportedOperationException("a store in memory has no files to link");
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private static Map<Family, TreeMap<byte[], byte[]>> empty() {
        Map<Family, TreeMap<byte[], byte[]>> content = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            content.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
        return content;
    }

    private static Map<Family, TreeMap<byte[], byte[]>> copy(Map<Family, TreeMap<byte[], byte[]>> content) {
        Map<Family, TreeMap<byte[], byte[]>> copy = empty();
        content.forEach((family, map) -> copy.get(family).putAll(map));
        return copy;
    }
}
