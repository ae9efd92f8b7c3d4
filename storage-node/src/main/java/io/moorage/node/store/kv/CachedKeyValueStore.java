package io.moorage.node.store.kv;

import io.moorage.node.rocks.RecentValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A store whose newest entries are remembered: what replaces an entry looks for it first, and those that are replaced are often
 * the same ones. All changes pass through {@link #write}; views and cursors do not look here. Like the store below it: for one
 * writer, who is also the only one to call {@link #get}.
 */
public final class CachedKeyValueStore implements KeyValueStore {
    private static final Family CACHED = Family.HEAD;

    private final KeyValueStore store;
    private final RecentValues recent;
    private long generation;

    /** The store is closed with this. */
    public CachedKeyValueStore(KeyValueStore store, RecentValues recent) {
        this.store = store;
        this.recent = recent;
        this.generation = recent.newGeneration();
    }

    @Override
    public byte[] get(Family family, byte[] key) {
        if (family != CACHED) {
            return store.get(family, key);
        }
        byte[] value = recent.get(generation, key);
        if (value == null) {
            value = store.get(family, key);
            if (value != null) {
                recent.put(generation, key, value);
            }
        }
        return value;
    }

    @Override
    public void write(List<RangeDelete> deletes, List<Mutation> mutations) {
        try {
            store.write(deletes, mutations);
        } catch (RuntimeException | Error e) {
            // It may have failed half way.
            generation = recent.newGeneration();
            throw e;
        }
        if (deletes.stream().anyMatch(delete -> delete.family() == CACHED)) {
            generation = recent.newGeneration();
        }
        for (Mutation mutation : mutations) {
            if (mutation.family() != CACHED) {
                continue;
            }
            if (mutation.value() == null) {
                recent.remove(generation, mutation.key());
            } else {
                recent.put(generation, mutation.key(), mutation.value());
            }
        }
    }

    @Override
    public Cursor range(Family family, byte[] from, byte[] to) {
        return store.range(family, from, to);
    }

    @Override
    public Cursor scan(Family family, byte[] from, byte[] to) {
        return store.scan(family, from, to);
    }

    @Override
    public View view() {
        return store.view();
    }

    @Override
    public void flush() {
        store.flush();
    }

    @Override
    public void checkpoint(Path directory) throws IOException {
        store.checkpoint(directory);
    }

    @Override
    public void close() {
        store.close();
    }
}
