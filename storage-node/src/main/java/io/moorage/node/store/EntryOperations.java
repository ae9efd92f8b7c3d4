package io.moorage.node.store;

import com.google.protobuf.ByteString;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Append;
import io.moorage.protocol.v1.Content;
import io.moorage.protocol.v1.Delete;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.ExtentList;
import io.moorage.protocol.v1.MakeDirectory;
import io.moorage.protocol.v1.Put;
import io.moorage.protocol.v1.RemoveDirectory;

/** Commands about one entry: put, append, delete, make and remove a directory. */
final class EntryOperations {
    private final ApplyContext context;
    private final Heads heads;
    private final VersioningOperations versioning;

    EntryOperations(ApplyContext context, Heads heads) {
        this.context = context;
        this.heads = heads;
        this.versioning = new VersioningOperations(context);
    }

    EntryChange put(VolumeState volume, Put put) {
        byte[] key = KeyRules.file(put.getKey(), context.hidden);
        checkUploadAge(put.getContent());
        Entry old = context.head(volume.id, key);
        Preconditions.check(put.getPrecondition(), put.getKey(), old);
        long size = sizeOf(put.getContent());
        heads.checkQuota(volume, key, old, size);
        heads.checkReplaceable(volume, key, put.getKey(), old);
        Locks.checkFuture(put.getLock().getMode(), put.getLock().getRetainUntilMs(), context.timeMs);

        EntryChange.Builder change = EntryChange.newBuilder().setReplaced(old != null);
        if (put.getReturnPrevious() && old != null) {
            describePrevious(volume, old, change);
        }
        Entry.Builder entry = Entry.newBuilder()
                .setKind(EntryKind.ENTRY_KIND_FILE)
                .setVersion(context.version)
                .setSize(size)
                .setCreatedAtMs(old == null ? context.timeMs : old.getCreatedAtMs())
                .setModifiedAtMs(context.timeMs)
                .setContentType(put.getContentType())
                .addAllMetadata(put.getMetadataList())
                .addAllDigests(put.getDigestsList())
                .addAllAttributes(put.getAttributesList());
        if (put.hasLock()) {
            entry.setLock(put.getLock());
        }
        addContent(volume, put.getContent(), Keys.isHidden(key), entry);
        Entry stored = heads.replace(volume, key, old, entry.build(), Cause.PUT);
        return change.setEntry(Heads.describe(put.getKey(), stored)).build();
    }

    EntryChange append(VolumeState volume, Append append) {
        byte[] key = KeyRules.file(append.getKey(), context.hidden);
        checkUploadAge(append.getContent());
        Entry old = context.head(volume.id, key);
        Preconditions.check(append.getPrecondition(), append.getKey(), old);
        long more = sizeOf(append.getContent());
        heads.checkQuota(volume, key, old, (old == null ? 0 : old.getSize()) + more);
        heads.checkReplaceable(volume, key, append.getKey(), old);
        int extents = (old == null ? 0 : old.getExtentsCount())
                + (append.getContent().hasStored()
                        ? append.getContent().getStored().getExtentsCount()
                        : 1);
        if (extents > StoreLimits.MAX_EXTENTS) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    KeyRules.show(append.getKey()) + " would have " + extents + " extents; at most "
                            + StoreLimits.MAX_EXTENTS + " are allowed: copy it to a new key, which joins them");
        }

        Entry.Builder entry;
        if (old == null) {
            entry = Entry.newBuilder()
                    .setKind(EntryKind.ENTRY_KIND_FILE)
                    .setCreatedAtMs(context.timeMs)
                    .setContentType(append.getContentType());
            addContent(volume, append.getContent(), true, entry);
        } else {
            // The digests were of the content as it was.
            entry = old.toBuilder().clearDigests().clearLock();
            Attributes.dropDigests(entry);
            old.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
            if (!coalesce(volume, entry, append.getContent())) {
                addContent(volume, append.getContent(), true, entry);
            }
        }
        entry.setVersion(context.version)
                .setModifiedAtMs(context.timeMs)
                .setSize((old == null ? 0 : old.getSize()) + more);
        Entry stored = heads.replace(volume, key, old, entry.build(), Cause.APPENDED);
        return EntryChange.newBuilder()
                .setReplaced(old != null)
                .setEntry(Heads.describe(append.getKey(), stored))
                .build();
    }

    EntryChange delete(VolumeState volume, Delete delete) {
        byte[] key = delete.getDirectoryMarker()
                ? KeyRules.directory(delete.getKey(), context.hidden)
                : KeyRules.file(delete.getKey(), context.hidden);
        Entry old = context.head(volume.id, key);
        Preconditions.check(delete.getPrecondition(), delete.getKey(), old);
        heads.checkReplaceable(volume, key, delete.getKey(), old);
        EntryChange.Builder change = EntryChange.newBuilder().setReplaced(old != null);
        if (old != null && delete.getReturnPrevious()) {
            describePrevious(volume, old, change);
        }
        Entry marker = heads.replace(volume, key, old, null, Cause.DELETED);
        if (marker != null) {
            change.setDeleteMarker(Heads.describe(delete.getKey(), marker));
        }
        return change.build();
    }

    EntryChange makeDirectory(VolumeState volume, MakeDirectory make) {
        byte[] key = KeyRules.directory(make.getKey(), context.hidden);
        Entry old = context.head(volume.id, key);
        Preconditions.check(make.getPrecondition(), make.getKey(), old);
        if (old != null
                && make.getMetadataList().equals(old.getMetadataList())
                && make.getAttributesList().equals(old.getAttributesList())
                && make.getContentType().equals(old.getContentType())) {
            return EntryChange.newBuilder()
                    .setReplaced(true)
                    .setEntry(Heads.describe(make.getKey(), old))
                    .build();
        }
        heads.checkQuota(volume, key, old, 0);
        heads.checkReplaceable(volume, key, make.getKey(), old);
        Entry.Builder entry = Entry.newBuilder()
                .setKind(EntryKind.ENTRY_KIND_DIRECTORY)
                .setVersion(context.version)
                .setCreatedAtMs(old == null ? context.timeMs : old.getCreatedAtMs())
                .setModifiedAtMs(context.timeMs)
                .setContentType(make.getContentType())
                .addAllMetadata(make.getMetadataList())
                .addAllAttributes(make.getAttributesList());
        Entry stored = heads.replace(volume, key, old, entry.build(), Cause.PUT);
        return EntryChange.newBuilder()
                .setReplaced(old != null)
                .setEntry(Heads.describe(make.getKey(), stored))
                .build();
    }

    EntryChange removeDirectory(VolumeState volume, RemoveDirectory remove) {
        byte[] key = KeyRules.directory(remove.getKey(), context.hidden);
        Entry old = context.head(volume.id, key);
        Preconditions.check(remove.getPrecondition(), remove.getKey(), old);
        byte[] from = Keys.head(volume.id, key);
        try (Cursor cursor = context.transaction.range(Family.HEAD, from, Keys.after(from))) {
            if (old != null && cursor.valid()) {
                cursor.next();
            }
            if (cursor.valid()) {
                throw Refusal.of(
                        ErrorCode.ERROR_CODE_NOT_EMPTY,
                        "directory " + KeyRules.show(remove.getKey()) + " is not empty ("
                                + KeyRules.show(Keys.keyOfHead(cursor.key()))
                                + " is in it): delete what is in it first, or delete recursively");
            }
        }
        if (old == null) {
            throw Refusal.of(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no directory " + KeyRules.show(remove.getKey()));
        }
        heads.checkReplaceable(volume, key, remove.getKey(), old);
        versioning.checkNothingKept(volume, remove.getKey());
        versioning.forget(volume, remove.getKey());
        Entry marker = heads.replace(volume, key, old, null, Cause.DELETED);
        EntryChange.Builder change = EntryChange.newBuilder().setReplaced(true);
        if (marker != null) {
            change.setDeleteMarker(Heads.describe(remove.getKey(), marker));
        }
        return change.build();
    }

    private void checkUploadAge(Content content) {
        if (content.hasStored()) {
            long age = context.timeMs - content.getStored().getOpenedAtMs();
            if (age > StoreLimits.MAX_UPLOAD_TIME.toMillis()) {
                throw Refusal.of(
                        ErrorCode.ERROR_CODE_UPLOAD_EXPIRED,
                        "the upload was opened " + age / 60_000 + " minutes ago, and must be completed within "
                                + StoreLimits.MAX_UPLOAD_TIME.toMinutes() + ": send it again, in smaller parts");
            }
        }
    }

    static long sizeOf(Content content) {
        if (content.hasStored()) {
            return content.getStored().getExtentsList().stream()
                    .mapToLong(Extent::getLength)
                    .sum();
        }
        return content.getInline().size();
    }

    private void addContent(VolumeState volume, Content content, boolean appended, Entry.Builder entry) {
        if (content.hasStored()) {
            ExtentList list = content.getStored();
            for (Extent extent : list.getExtentsList()) {
                heads.references().add(volume, extent);
                entry.addExtents(extent);
            }
        } else if (!content.getInline().isEmpty()) {
            addInline(volume, content.getInline(), 0, appended, entry);
        }
    }

    /** @param ordinal which of the command's values it is */
    void addInline(VolumeState volume, ByteString bytes, int ordinal, Entry.Builder entry) {
        addInline(volume, bytes, ordinal, false, entry);
    }

    private void addInline(VolumeState volume, ByteString content, int ordinal, boolean appended, Entry.Builder entry) {
        byte[] bytes = content.toByteArray();
        Extent extent = Extent.newBuilder()
                .setInline(true)
                .setIdHigh(context.version)
                .setIdLow(ordinal)
                .setLength(bytes.length)
                .setStoredLength(bytes.length)
                .setCrc32C(Checksums.crc32c(bytes))
                .setNotInFeed(appended)
                .build();
        heads.references().addInline(volume, extent, bytes);
        entry.addExtents(extent);
    }

    /** Small appends grow the last inline extent, so that a log written line by line stays one extent for long. */
    private boolean coalesce(VolumeState volume, Entry.Builder entry, Content content) {
        if (content.hasStored() || entry.getExtentsCount() == 0) {
            return false;
        }
        Extent last = entry.getExtents(entry.getExtentsCount() - 1);
        ByteString more = content.getInline();
        if (!last.getInline() || last.getLength() + more.size() > StoreLimits.MAX_INLINE_BYTES) {
            return false;
        }
        ByteString joined = heads.inlineBytes(volume.id, last).concat(more);
        entry.removeExtents(entry.getExtentsCount() - 1);
        heads.references().release(volume, last);
        if (!joined.isEmpty()) {
            addInline(volume, joined, 0, true, entry);
        }
        return true;
    }

    private void describePrevious(VolumeState volume, Entry old, EntryChange.Builder change) {
        change.setPrevious(old.toBuilder().clearExtents());
        if (old.getExtentsCount() == 1 && old.getExtents(0).getInline()) {
            change.setPreviousInline(heads.inlineBytes(volume.id, old.getExtents(0)));
        }
    }
}
