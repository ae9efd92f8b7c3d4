package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Extent;
import java.util.Arrays;

/**
 * The change feed of a volume gives up values of inline extents, many at a time and nearly always in the order of their ids. So
 * their records are walked along instead of being looked up one by one. Close it.
 */
final class FeedValues implements AutoCloseable {
    /** Records of other extents in between that are stepped over; with more of them it is cheaper to search. */
    private static final int STEPS = 8;

    private final ApplyContext context;
    private final VolumeState volume;
    private Cursor records;
    private byte[] present;
    private byte[] dropped = new byte[0];

    FeedValues(ApplyContext context, VolumeState volume) {
        this.context = context;
        this.volume = volume;
    }

    /** Gives up one value; if nothing else names it, its bytes go. */
    void drop(Extent extent) {
        byte[] key = Keys.extent(volume.id, extent.getIdHigh(), extent.getIdLow());
        byte[] record = find(key);
        if (record != null && References.countOf(record) == 0) {
            context.transaction.delete(Family.REFS, key);
            context.transaction.delete(Family.DATA, key);
            volume.feed.heldBytes -= References.lengthOf(record);
            volume.dirty = true;
        }
    }

    @Override
    public void close() {
        if (records != null) {
            records.close();
        }
    }

    private byte[] find(byte[] key) {
        if (Arrays.compareUnsigned(key, dropped) <= 0) {
            // Behind the cursor, which does not see what was changed since it was opened.
            return context.transaction.get(Family.REFS, key);
        }
        dropped = key;
        if (records == null) {
            // Behind the newest of them are those of files, and what is left of deleted ones.
            byte[] end = Keys.extent(volume.id, context.version + 1, 0);
            records = context.transaction.range(Family.REFS, key, end);
            note();
        }
        for (int step = 0; isBefore(key) && step < STEPS; step++) {
            records.next();
            note();
        }
        if (isBefore(key)) {
            records.seek(key);
            note();
        }
        return Arrays.equals(present, key) ? records.value() : null;
    }

    private boolean isBefore(byte[] key) {
        return present != null && Arrays.compareUnsigned(present, key) < 0;
    }

    private void note() {
        present = records.valid() ? records.key() : null;
    }
}
