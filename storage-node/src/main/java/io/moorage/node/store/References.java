package io.moorage.node.store;

import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Extent;
import java.nio.ByteBuffer;

/**
 * Counts who names an extent. An extent in extent files has a record from its first reference to its last; an inline extent
 * only while it is shared: most are not, and their bytes are the record. Those that nothing but the change feed keeps are no longer
 * counted ({@link FeedValues}).
 */
final class References {
    private final ApplyContext context;
    private final FeedValues feedValues;

    References(ApplyContext context, FeedValues feedValues) {
        this.context = context;
        this.feedValues = feedValues;
    }

    /** One more reference to an extent that is new or already stored. */
    void add(VolumeState volume, Extent extent) {
        byte[] key = Keys.extent(volume.id, extent.getIdHigh(), extent.getIdLow());
        byte[] record = find(volume, extent, key);
        if (extent.getInline()) {
            if (record == null) {
                volume.sharedInline++;
                volume.dirty = true;
            }
            int count = record == null ? 1 : countOf(record);
            context.transaction.put(Family.REFS, key, record(count + 1, extent.getStoredLength(), 0));
            return;
        }
        if (record == null) {
            context.transaction.put(Family.REFS, key, record(1, extent.getStoredLength(), extent.getCrc32C()));
            context.referenced.add(ref(volume.id, extent));
            volume.extents++;
            volume.storedBytes += extent.getStoredLength();
            volume.dirty = true;
        } else {
            Invariant.check(
                    lengthOf(record) == extent.getStoredLength() && crcOf(record) == extent.getCrc32C(),
                    "extent %016x%016x is named with length %d, and known with length %d",
                    extent.getIdHigh(),
                    extent.getIdLow(),
                    extent.getStoredLength(),
                    lengthOf(record));
            context.transaction.put(Family.REFS, key, record(countOf(record) + 1, lengthOf(record), crcOf(record)));
        }
    }

    /** The bytes of a new inline extent, referenced once. */
    void addInline(VolumeState volume, Extent extent, byte[] bytes) {
        context.transaction.put(Family.DATA, Keys.extent(volume.id, extent.getIdHigh(), extent.getIdLow()), bytes);
        volume.storedBytes += bytes.length;
        volume.dirty = true;
    }

    /** One reference less; the last one frees the extent. */
    void release(VolumeState volume, Extent extent) {
        byte[] key = Keys.extent(volume.id, extent.getIdHigh(), extent.getIdLow());
        byte[] record = find(volume, extent, key);
        if (extent.getInline()) {
            releaseInline(volume, extent, key, record);
            return;
        }
        Invariant.check(
                record != null, "extent %016x%016x is released and not known", extent.getIdHigh(), extent.getIdLow());
        int count = countOf(record) - 1;
        if (count > 0) {
            context.transaction.put(Family.REFS, key, record(count, lengthOf(record), crcOf(record)));
        } else {
            context.transaction.delete(Family.REFS, key);
            context.released.add(ref(volume.id, extent));
            volume.extents--;
            volume.storedBytes -= lengthOf(record);
            volume.dirty = true;
        }
    }

    private void releaseInline(VolumeState volume, Extent extent, byte[] key, byte[] record) {
        if (record == null) {
            volume.storedBytes -= extent.getStoredLength();
            volume.dirty = true;
            if (!feedValues.keep(volume, extent)) {
                context.transaction.delete(Family.DATA, key);
            }
            return;
        }
        int count = countOf(record) - 1;
        Invariant.check(count >= 1, "inline extent %016x is released too often", extent.getIdHigh());
        if (count == 1) {
            context.transaction.delete(Family.REFS, key);
            volume.sharedInline--;
            volume.dirty = true;
        } else {
            context.transaction.put(Family.REFS, key, record(count, lengthOf(record), 0));
        }
    }

    /** Null: there is no record. Where no inline extent is shared, and most volumes have none, nobody has to look. */
    private byte[] find(VolumeState volume, Extent extent, byte[] key) {
        return extent.getInline() && volume.sharedInline == 0 ? null : context.transaction.get(Family.REFS, key);
    }

    static int countOf(byte[] record) {
        return ByteBuffer.wrap(record).getInt(0);
    }

    static int lengthOf(byte[] record) {
        return ByteBuffer.wrap(record).getInt(4);
    }

    static int crcOf(byte[] record) {
        return ByteBuffer.wrap(record).getInt(8);
    }

    private static byte[] record(int count, int length, int crc32c) {
        return ByteBuffer.allocate(12)
                .putInt(count)
                .putInt(length)
                .putInt(crc32c)
                .array();
    }

    private static ExtentRef ref(long volume, Extent extent) {
        return new ExtentRef(
                volume, extent.getIdHigh(), extent.getIdLow(), extent.getStoredLength(), extent.getCrc32C());
    }
}
