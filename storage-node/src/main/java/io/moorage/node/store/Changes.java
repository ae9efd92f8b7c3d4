package io.moorage.node.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ChangeRetention;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;

/**
 * The record of what changed in a volume, in the order of (version, ordinal). Every writer's changes come through here.
 *
 * <p>A record names the inline extent that its command wrote. While the record's version is above the feed's value horizon, the
 * extent's bytes outlive the entry ({@link FeedValues}). So a value that is never replaced costs nothing.
 *
 * <p>How much is kept is bounded by count and by bytes. Both horizons are in the state and move inside apply, by whole versions,
 * some hundred changes at a time: a scan of the oldest and one range deletion.
 */
final class Changes {
    static final long DEFAULT_MAX_COUNT = 100_000;
    static final long DEFAULT_MAX_VALUE_BYTES = 64L << 20;
    private static final long MAX_SLACK = 1024;

    private final ApplyContext context;
    private final FeedValues values;
    private long ordinalsOf = -1;
    private int ordinal;

    Changes(ApplyContext context, FeedValues values) {
        this.context = context;
        this.values = values;
    }

    /** @param old null: there was none; now null: it was deleted */
    void record(VolumeState volume, byte[] key, Entry old, Entry now, Cause cause) {
        ChangeRetention retention = volume.spec.getChanges();
        volume.dirty = true;
        if (retention.getOff()) {
            drop(volume, context.version);
            return;
        }
        if (ordinalsOf != context.version) {
            ordinalsOf = context.version;
            ordinal = 0;
        }
        Entry shown = now == null ? old : now;
        EntryKind entryKind = shown == null ? EntryKind.ENTRY_KIND_FILE : shown.getKind();
        Change.Builder change = Change.newBuilder()
                .setKind(cause.kind())
                .setKey(Keys.text(key))
                .setOtherKey(cause.otherKey())
                .setPreviousVersion(old == null ? 0 : old.getVersion())
                .setTimeMs(context.timeMs)
                .setEntryKind(entryKind)
                .setDeleteMarker(cause.deleteMarker());
        if (now != null) {
            change.setSize(now.getSize()).setLeaseId(now.getLeaseId()).addAllDigests(now.getDigestsList());
            if (now.getExtentsCount() == 1 && now.getExtents(0).getInline()) {
                change.setContent(now.getExtents(0));
            }
        }
        context.transaction.put(
                Family.CHANGES,
                Keys.change(volume.id, context.version, ordinal++),
                change.build().toByteArray());
        volume.feed.count++;
        context.changedVolumes.add(volume.id);
    }

    /** Forgets what is over the bounds. Called when all commands of a log entry are applied. */
    void trim() {
        for (long id : context.changedVolumes) {
            VolumeState volume = context.volumes.byId(id);
            if (volume != null) {
                trim(volume);
            }
        }
    }

    private void trim(VolumeState volume) {
        FeedState feed = volume.feed;
        ChangeRetention retention = volume.spec.getChanges();
        long maxCount = retention.getMaxCount() == 0 ? DEFAULT_MAX_COUNT : retention.getMaxCount();
        if (feed.count > maxCount + Math.min(MAX_SLACK, maxCount / 8)) {
            dropOldest(volume, feed.count - maxCount);
        }
        long maxBytes = retention.getMaxValueBytes() == 0 ? DEFAULT_MAX_VALUE_BYTES : retention.getMaxValueBytes();
        if (feed.heldBytes > maxBytes) {
            values.shrinkTo(volume, maxBytes - maxBytes / 16);
        }
    }

    /** Drops all changes up to a version. */
    void drop(VolumeState volume, long version) {
        if (volume.feed.count > 0) {
            dropOldest(volume, volume.feed.count);
        }
        volume.feed.horizon = Math.max(volume.feed.horizon, version);
        values.passTo(volume, version);
        volume.dirty = true;
    }

    private void dropOldest(VolumeState volume, long excess) {
        FeedState feed = volume.feed;
        long dropped = 0;
        long last = feed.horizon;
        byte[] from = Keys.change(volume.id, feed.horizon + 1, 0);
        try (Cursor cursor = context.transaction.range(Family.CHANGES, from, Keys.to(volume.id))) {
            for (; cursor.valid(); cursor.next()) {
                long version = Keys.versionOfChange(cursor.key());
                if (dropped >= excess && version != last) {
                    break;
                }
                last = version;
                dropped++;
            }
        }
        context.transaction.deleteRange(Family.CHANGES, from, Keys.change(volume.id, last + 1, 0));
        feed.count -= dropped;
        feed.horizon = last;
        values.passTo(volume, last);
    }

    static Change parse(byte[] value) {
        try {
            return Change.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a change's record is damaged: " + e.getMessage());
        }
    }
}
