package io.moorage.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.VersioningState;
import java.nio.ByteBuffer;

/**
 * Replaces the newest version of a key. What a pin needs of the old one goes to the history, what versioning keeps of it goes to
 * the key's chain of versions, each with references of its own to the extents; otherwise its extents are released at once.
 */
final class Heads {
    private final ApplyContext context;
    private final References references;
    private final Changes changes;
    private final VersionChain chain;

    Heads(ApplyContext context, References references, Changes changes) {
        this.context = context;
        this.references = references;
        this.changes = changes;
        this.chain = new VersionChain(context);
    }

    References references() {
        return references;
    }

    VersionChain chain() {
        return chain;
    }

    /**
     * Before anything is changed: that replacing or deleting what is under a key removes nothing for good that is locked.
     *
     * @param old null: there is none
     * @throws Refusal LOCKED
     */
    void checkReplaceable(VolumeState volume, byte[] key, String name, Entry old) {
        VersioningState state = volume.versioning.of(key);
        if (old != null && old.hasLock() && !VersioningStates.keeps(state, old.getVersioned())) {
            Locks.checkRemovable(name, old, context.timeMs, false);
        }
        if (state == VersioningState.VERSIONING_STATE_SUSPENDED) {
            Entry kept = chain.nullVersion(volume, key);
            if (kept != null) {
                Locks.checkRemovable(name, kept, context.timeMs, false);
            }
        }
    }

    /**
     * By how many bytes the volume grows if an entry of this size replaces what is under a key.
     *
     * @param old null: there is none
     */
    long growth(VolumeState volume, byte[] key, Entry old, long size) {
        VersioningState state = volume.versioning.of(key);
        long freed = old == null || VersioningStates.keeps(state, old.getVersioned()) ? 0 : old.getSize();
        if (state == VersioningState.VERSIONING_STATE_SUSPENDED) {
            Entry kept = chain.nullVersion(volume, key);
            freed += kept == null ? 0 : kept.getSize();
        }
        return size - freed;
    }

    /** @throws Refusal QUOTA_EXCEEDED if the volume would hold more than it may with an entry of this size under a key */
    void checkQuota(VolumeState volume, byte[] key, Entry old, long size) {
        volume.checkQuota(old == null && !Keys.isHidden(key) ? 1 : 0, growth(volume, key, old, size));
    }

    /**
     * The references of `now` must have been added already.
     *
     * @param old null: there was none
     * @param now null: delete
     * @param cause what those who follow the changes are told
     * @return the entry as it is stored; of a delete the delete marker that it left, or null
     */
    Entry replace(VolumeState volume, byte[] key, Entry old, Entry now, Cause cause) {
        Entry stored = exchange(volume, key, old, now);
        boolean marker = now == null && stored != null;
        tell(volume, key, old, now == null ? null : stored, marker ? cause.withMarker() : cause);
        return stored;
    }

    /** What changed: to the leases of both, and to those who follow the changes. */
    private void tell(VolumeState volume, byte[] key, Entry old, Entry now, Cause cause) {
        if (old != null || now != null) {
            context.leases.moved(
                    context.transaction,
                    volume.id,
                    key,
                    old == null ? 0 : old.getLeaseId(),
                    now == null ? 0 : now.getLeaseId());
        }
        if ((old != null || now != null || cause.deleteMarker()) && !Keys.isHidden(key)) {
            changes.record(volume, key, old, now, cause);
        }
    }

    private Entry exchange(VolumeState volume, byte[] key, Entry old, Entry now) {
        VersioningState state = volume.versioning.of(key);
        if (old != null) {
            retire(volume, key, old, VersioningStates.keeps(state, old.getVersioned()));
        }
        if (state == VersioningState.VERSIONING_STATE_SUSPENDED) {
            Entry kept = chain.nullVersion(volume, key);
            if (kept != null) {
                discard(volume, key, kept);
            }
        }
        boolean enabled = state == VersioningState.VERSIONING_STATE_ENABLED;
        if (now != null) {
            boolean plain = now.getVersioned() == enabled && now.getCurrentSince() == 0 && now.getReplacedAtMs() == 0;
            Entry stored = plain
                    ? now
                    : now.toBuilder()
                            .setVersioned(enabled)
                            .clearCurrentSince()
                            .clearReplacedAtMs()
                            .build();
            store(volume, key, stored);
            volume.locked(stored.getLock());
            return stored;
        }
        if (old != null) {
            context.transaction.delete(Family.HEAD, Keys.head(volume.id, key));
        }
        if (state == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            return null;
        }
        Entry marker = Entry.newBuilder()
                .setKind(EntryKind.ENTRY_KIND_DELETE_MARKER)
                .setVersion(context.version)
                .setCreatedAtMs(context.timeMs)
                .setModifiedAtMs(context.timeMs)
                .setVersioned(enabled)
                .build();
        chain.add(volume, key, marker);
        return marker;
    }

    /** Writes another record of the newest version. Pins go on to show the one that it had. */
    Entry amend(VolumeState volume, byte[] key, Entry old, Entry amended) {
        Entry stored = amended;
        if (volume.isPinned(since(old), context.version, context.leaseMs)) {
            old.getExtentsList().forEach(extent -> references.add(volume, extent));
            remember(volume, key, since(old), old);
            stored = amended.toBuilder().setCurrentSince(context.version).build();
        }
        context.transaction.put(Family.HEAD, Keys.head(volume.id, key), stored.toByteArray());
        volume.dirty = true;
        tell(volume, key, old, stored, Cause.AMENDED);
        return stored;
    }

    /**
     * Removes the newest version for good; the one before it becomes the newest.
     *
     * @return what the key holds now, or null
     */
    Entry remove(VolumeState volume, byte[] key, Entry old) {
        retire(volume, key, old, false);
        context.transaction.delete(Family.HEAD, Keys.head(volume.id, key));
        Entry now = promoted(volume, key);
        tell(volume, key, old, now, now == null ? Cause.DELETED : Cause.RESTORED);
        return now;
    }

    /** Deletes an entry where nothing is versioned. Its references go over to the caller. */
    void take(VolumeState volume, byte[] key, Entry old) {
        if (volume.isPinned(since(old), context.version, context.leaseMs)) {
            old.getExtentsList().forEach(extent -> references.add(volume, extent));
            remember(volume, key, since(old), old);
        }
        context.transaction.delete(Family.HEAD, Keys.head(volume.id, key));
        count(volume, key, -1, -old.getSize());
    }

    /** Removes a version that is not the newest entry for good; what is newest then is for {@link #promote}. */
    void discard(VolumeState volume, byte[] key, Entry kept) {
        chain.remove(volume, key, kept);
        if (volume.isRead(kept.getVersion(), context.version, context.leaseMs)) {
            // Not a state that the key had until now, only bytes that are being read: an interval without a length.
            remember(volume, key, context.version, kept);
        } else {
            kept.getExtentsList().forEach(extent -> references.release(volume, extent));
        }
    }

    /** Of a key without an entry: makes the newest kept version, unless it is a delete marker, the entry. Null: there is none. */
    Entry promote(VolumeState volume, byte[] key) {
        Entry now = promoted(volume, key);
        tell(volume, key, null, now, Cause.RESTORED);
        return now;
    }

    private Entry promoted(VolumeState volume, byte[] key) {
        Entry newest = chain.newest(volume, key);
        if (newest == null || newest.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER) {
            return null;
        }
        chain.remove(volume, key, newest);
        Entry promoted = newest.toBuilder()
                .setCurrentSince(context.version)
                .clearReplacedAtMs()
                .build();
        store(volume, key, promoted);
        return promoted;
    }

    private void store(VolumeState volume, byte[] key, Entry entry) {
        context.transaction.put(Family.HEAD, Keys.head(volume.id, key), entry.toByteArray());
        count(volume, key, 1, entry.getSize());
    }

    /** Brings the newest version to where it is needed still. Its record is the caller's to replace. */
    private void retire(VolumeState volume, byte[] key, Entry old, boolean kept) {
        boolean pinned = volume.isPinned(since(old), context.version, context.leaseMs);
        if (pinned) {
            remember(volume, key, since(old), old);
        }
        if (kept) {
            chain.add(
                    volume,
                    key,
                    old.toBuilder()
                            .clearCurrentSince()
                            .clearLeaseId()
                            .setReplacedAtMs(context.timeMs)
                            .build());
        }
        if (pinned && kept) {
            old.getExtentsList().forEach(extent -> references.add(volume, extent));
        } else if (!pinned && !kept) {
            old.getExtentsList().forEach(extent -> references.release(volume, extent));
        }
        count(volume, key, -1, -old.getSize());
    }

    private void remember(VolumeState volume, byte[] key, long since, Entry old) {
        byte[] entry = old.toByteArray();
        context.transaction.put(
                Family.HISTORY,
                Keys.history(volume.id, key, since),
                ByteBuffer.allocate(8 + entry.length)
                        .putLong(context.version)
                        .put(entry)
                        .array());
        volume.historyEntries++;
        volume.dirty = true;
    }

    private static void count(VolumeState volume, byte[] key, int entries, long bytes) {
        if (Keys.isHidden(key)) {
            volume.hiddenEntries += entries;
        } else {
            volume.entries += entries;
        }
        volume.logicalBytes += bytes;
        volume.dirty = true;
    }

    /** Since when a newest version has been what its key holds. */
    static long since(Entry entry) {
        return entry.getCurrentSince() == 0 ? entry.getVersion() : entry.getCurrentSince();
    }

    ByteString inlineBytes(long volume, Extent extent) {
        byte[] bytes = context.transaction.get(Family.DATA, Keys.extent(volume, extent.getIdHigh(), extent.getIdLow()));
        Invariant.check(bytes != null, "inline extent %016x has no bytes", extent.getIdHigh());
        return UnsafeByteOperations.unsafeWrap(bytes, extent.getOffset(), extent.getLength());
    }

    /** An entry as answers show it: with its key, without its extents. */
    static Entry describe(String key, Entry entry) {
        return entry.toBuilder().setKey(key).clearExtents().build();
    }
}
