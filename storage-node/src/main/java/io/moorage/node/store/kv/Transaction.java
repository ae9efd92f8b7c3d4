package io.moorage.node.store.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Changes on top of a store that only this transaction sees until they are written as one. Later reads see earlier changes.
 * Not thread-safe.
 */
public final class Transaction implements KeyValueReader {
    /** Stands for "deleted" in the overlay; compared by identity. */
    private static final byte[] DELETED = new byte[0];

    private final KeyValueStore base;
    private final Map<Family, TreeMap<byte[], byte[]>> overlay = new EnumMap<>(Family.class);
    private final List<KeyValueStore.RangeDelete> rangeDeletes = new ArrayList<>();
    private long changes;

    public Transaction(KeyValueStore base) {
        this.base = base;
        for (Family family : Family.values()) {
            overlay.put(family, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    @Override
    public byte[] get(Family family, byte[] key) {
        byte[] value = overlay.get(family).get(key);
        if (value == null) {
            return base.get(family, key);
        }
        return value == DELETED ? null : value;
    }

    /** Changes made after the cursor was opened may or may not be seen by it. */
    @Override
    public Cursor range(Family family, byte[] from, byte[] to) {
        TreeMap<byte[], byte[]> changed = new TreeMap<>(overlay.get(family).subMap(from, to));
        Cursor below = base.range(family, from, to);
        return changed.isEmpty() ? below : new MergedCursor(below, changed, from, DELETED);
    }

    public void put(Family family, byte[] key, byte[] value) {
        overlay.get(family).put(key, value);
        changes++;
    }

    public void delete(Family family, byte[] key) {
        overlay.get(family).put(key, DELETED);
        changes++;
    }

    /** Only for ranges that this transaction does not read or write any more. */
    public void deleteRange(Family family, byte[] from, byte[] to) {
        overlay.get(family).subMap(from, to).clear();
        rangeDeletes.add(new KeyValueStore.RangeDelete(family, from, to));
        changes++;
    }

    /** How many changes were made so far. */
    public long changes() {
        return changes;
    }

    public List<KeyValueStore.RangeDelete> rangeDeletes() {
        return rangeDeletes;
    }

    /** The net changes by family and key: an order that depends on nothing but the commands. */
    public List<KeyValueStore.Mutation> mutations() {
        List<KeyValueStore.Mutation> mutations = new ArrayList<>();
        overlay.forEach((family, map) -> map.forEach((key, value) ->
                mutations.add(new KeyValueStore.Mutation(family, key, value == DELETED ? null : value))));
        return mutations;
    }
}
