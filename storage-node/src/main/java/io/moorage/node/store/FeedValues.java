package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bytes of inline extents that nothing but the change feed of a volume keeps. What the commands of a log entry release is one
 * record, at the version of the last of them; the bytes go when the feed's value horizon passes that. A value is thus kept for at least
 * as long as it may be asked for, which ends when the horizon passes the version that wrote it.
 */
final class FeedValues {
    private static final int BYTES_EACH = 16;

    private final ApplyContext context;
    /** By volume: what was released and is not in a record yet. */
    private final Map<Long, Released> released = new TreeMap<>();

    private static final class Released {
        final List<Extent> extents = new ArrayList<>();
        long version;
    }

    FeedValues(ApplyContext context) {
        this.context = context;
    }

    /** Of an extent that nothing names any more: whether its bytes stay, as the change that wrote it may be asked for its value. */
    boolean keep(VolumeState volume, Extent extent) {
        FeedState feed = volume.feed;
        if (extent.getNotInFeed() || extent.getIdHigh() <= feed.valueHorizon) {
            return false;
        }
        Released pending = released.computeIfAbsent(volume.id, id -> new Released());
        pending.extents.add(extent);
        pending.version = context.version;
        feed.heldBytes += extent.getStoredLength();
        volume.dirty = true;
        return true;
    }

    /** Called when all commands of a log entry are applied. */
    void write() {
        released.forEach((volume, pending) -> {
            // Those of a volume that was deleted meanwhile went with it.
            if (context.volumes.byId(volume) != null) {
                put(volume, pending);
            }
        });
        released.clear();
    }

    /** Gives up all that was released up to a version: changes up to it have no values of their own from now on. */
    void passTo(VolumeState volume, long version) {
        if (version > volume.feed.valueHorizon) {
            drop(volume, version, 0);
            volume.feed.valueHorizon = version;
            volume.dirty = true;
        }
    }

    /** Gives up what was released first, until no more bytes are held than these. */
    void shrinkTo(VolumeState volume, long bytes) {
        drop(volume, context.version, bytes);
    }

    private void put(long volume, Released pending) {
        context.transaction.put(Family.META, Keys.feedValues(volume, pending.version), record(pending.extents));
    }

    private void drop(VolumeState volume, long version, long bytes) {
        FeedState feed = volume.feed;
        if (feed.heldBytes <= bytes) {
            return;
        }
        Released pending = released.remove(volume.id);
        if (pending != null) {
            put(volume.id, pending);
        }
        byte[] from = Keys.feedValues(volume.id, feed.valueHorizon + 1);
        byte[] to = Keys.feedValues(volume.id, version + 1);
        try (Cursor cursor = context.transaction.range(Family.META, from, to)) {
            for (; cursor.valid() && feed.heldBytes > bytes; cursor.next()) {
                byte[] key = cursor.key();
                feed.heldBytes -= dropBytes(volume, cursor.value());
                context.transaction.delete(Family.META, key);
                feed.valueHorizon = Keys.versionOfFeedValues(key);
                volume.dirty = true;
            }
        }
    }

    private long dropBytes(VolumeState volume, byte[] record) {
        Invariant.check(record.length % BYTES_EACH == 0, "a record of released values has %d bytes", record.length);
        long bytes = 0;
        for (ByteBuffer extents = ByteBuffer.wrap(record); extents.hasRemaining(); ) {
            context.transaction.delete(Family.DATA, Keys.extent(volume.id, extents.getLong(), extents.getInt()));
            bytes += extents.getInt();
        }
        return bytes;
    }

    /** Inline extents have small lower halves of their ids: {@link StoreLimits#INLINE_IDS}. */
    private static byte[] record(List<Extent> extents) {
        ByteBuffer record = ByteBuffer.allocate(BYTES_EACH * extents.size());
        for (Extent extent : extents) {
            record.putLong(extent.getIdHigh()).putInt((int) extent.getIdLow()).putInt(extent.getStoredLength());
        }
        return record.array();
    }
}
