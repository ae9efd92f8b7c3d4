package io.moorage.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import java.nio.ByteBuffer;

/**
 * Replaces the newest version of a key. What a pin needs of the old one goes to the history with its extents; otherwise its
 * extents are released at once.
 */
final class Heads {
    private final ApplyContext context;
    private final References references;
    private final Changes changes;

    Heads(ApplyContext context, References references, Changes changes) {
        this.context = context;
        this.references = references;
        this.changes = changes;
    }

    References references() {
        return references;
    }

    /**
     * The references of `now` must have been added already.
     *
     * @param old null: there was none
     * @param now null: delete
     * @param cause what those who follow the changes are told
     */
    void replace(VolumeState volume, byte[] key, Entry old, Entry now, Cause cause) {
        byte[] headKey = Keys.head(volume.id, key);
        if (old != null) {
            if (volume.isPinned(old.getVersion(), context.version, context.leaseMs)) {
                byte[] entry = old.toByteArray();
                context.transaction.put(
                        Family.HISTORY,
                        Keys.history(volume.id, key, old.getVersion()),
                        ByteBuffer.allocate(8 + entry.length)
                                .putLong(context.version)
                                .put(entry)
                                .array());
                volume.historyEntries++;
            } else {
                old.getExtentsList().forEach(extent -> references.release(volume, extent));
            }
            volume.entries--;
            volume.logicalBytes -= old.getSize();
        }
        if (now == null) {
            context.transaction.delete(Family.HEAD, headKey);
        } else {
            context.transaction.put(Family.HEAD, headKey, now.toByteArray());
            volume.entries++;
            volume.logicalBytes += now.getSize();
        }
        volume.dirty = true;
        context.leases.moved(
                context.transaction,
                volume.id,
                key,
                old == null ? 0 : old.getLeaseId(),
                now == null ? 0 : now.getLeaseId());
        changes.record(volume, key, old, now, cause);
    }

    ByteString inlineBytes(long volume, Extent extent) {
        byte[] bytes = context.transaction.get(Family.DATA, Keys.extent(volume, extent.getIdHigh(), extent.getIdLow()));
        Invariant.check(bytes != null, "inline extent %016x has no bytes", extent.getIdHigh());
        return UnsafeByteOperations.unsafeWrap(bytes, extent.getOffset(), extent.getLength());
    }

    /** An entry as answers show it: with its key, without its extents. */
    static Entry describe(String key, Entry.Builder entry) {
        return entry.clone().setKey(key).clearExtents().build();
    }
}
