package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.Rename;
import io.moorage.protocol.v1.TreeChange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Commands that may be about many entries: rename and copy of a file or a tree, deleting a tree. */
final class TreeOperations {
    private record Found(byte[] key, Entry entry) {}

    /** What is to be moved or copied, and the marker of an empty target directory that is there already (or null). */
    private record Tree(List<Found> found, byte[] targetKey, Entry targetMarker) {
        Entry replacedBy(byte[] key) {
            return Arrays.equals(key, targetKey) ? targetMarker : null;
        }
    }

    private final ApplyContext context;
    private final Heads heads;
    private final VersionOperations versions;

    TreeOperations(ApplyContext context, Heads heads, VersionOperations versions) {
        this.context = context;
        this.heads = heads;
        this.versions = versions;
    }

    TreeChange rename(VolumeState volume, Rename rename) {
        if (isTree(rename.getFrom(), rename.getTo())) {
            Tree tree = tree(volume, rename.getFrom(), rename.getTo(), rename.getTarget());
            long kept = 0;
            for (Found each : tree.found) {
                byte[] to = moved(each.key, rename.getFrom(), rename.getTo());
                heads.checkReplaceable(volume, each.key, nameOf(each.key), each.entry);
                heads.checkReplaceable(volume, to, nameOf(to), tree.replacedBy(to));
                kept += growth(volume, each.key, each.entry, to, tree.replacedBy(to));
            }
            volume.checkQuota(0, kept);
            for (Found each : tree.found) {
                Entry moved = each.entry.toBuilder()
                        .setVersion(context.version)
                        .clearLock()
                        .build();
                moved.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
                byte[] to = moved(each.key, rename.getFrom(), rename.getTo());
                heads.replace(volume, each.key, each.entry, null, Cause.renamedTo(to));
                heads.replace(volume, to, tree.replacedBy(to), moved, Cause.renamedFrom(each.key));
            }
            return TreeChange.newBuilder().setEntries(tree.found.size()).build();
        }
        byte[] from = KeyRules.file(rename.getFrom(), context.hidden);
        byte[] to = KeyRules.file(rename.getTo(), context.hidden);
        Entry source = source(volume, rename.getFrom(), from, rename.getSource());
        Entry target = context.head(volume.id, to);
        Preconditions.check(rename.getTarget(), rename.getTo(), target);
        Entry stored = source;
        if (!Arrays.equals(from, to)) {
            heads.checkReplaceable(volume, from, rename.getFrom(), source);
            heads.checkReplaceable(volume, to, rename.getTo(), target);
            volume.checkQuota(0, growth(volume, from, source, to, target));
            Entry moved =
                    source.toBuilder().setVersion(context.version).clearLock().build();
            moved.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
            heads.replace(volume, from, source, null, Cause.renamedTo(to));
            stored = heads.replace(volume, to, target, moved, Cause.renamedFrom(from));
        }
        return TreeChange.newBuilder()
                .setEntries(1)
                .setEntry(Heads.describe(rename.getTo(), stored))
                .build();
    }

    TreeChange copy(VolumeState volume, Copy copy) {
        if (isTree(copy.getFrom(), copy.getTo())) {
            Tree tree = tree(volume, copy.getFrom(), copy.getTo(), copy.getTarget());
            volume.checkQuota(
                    KeyRules.isHidden(copy.getTo()) ? 0 : tree.found.size(),
                    tree.found.stream().mapToLong(f -> f.entry.getSize()).sum());
            for (Found each : tree.found) {
                byte[] to = moved(each.key, copy.getFrom(), copy.getTo());
                heads.checkReplaceable(volume, to, nameOf(to), tree.replacedBy(to));
            }
            for (Found each : tree.found) {
                byte[] to = moved(each.key, copy.getFrom(), copy.getTo());
                store(volume, each.key, to, tree.replacedBy(to), copied(each.entry, copy));
            }
            return TreeChange.newBuilder().setEntries(tree.found.size()).build();
        }
        byte[] from = KeyRules.file(copy.getFrom(), context.hidden);
        byte[] to = KeyRules.file(copy.getTo(), context.hidden);
        Entry source = versions.require(volume, copy.getFrom(), from, copy.getSourceVersion());
        Preconditions.check(copy.getSource(), copy.getFrom(), source);
        Entry target = context.head(volume.id, to);
        Preconditions.check(copy.getTarget(), copy.getTo(), target);
        Entry copied = copied(source, copy);
        heads.checkQuota(volume, to, target, copied.getSize());
        heads.checkReplaceable(volume, to, copy.getTo(), target);
        Locks.checkFuture(copy.getLock().getMode(), copy.getLock().getRetainUntilMs(), context.timeMs);
        return TreeChange.newBuilder()
                .setEntries(1)
                .setEntry(Heads.describe(copy.getTo(), store(volume, from, to, target, copied)))
                .build();
    }

    TreeChange deleteTree(VolumeState volume, DeleteTree delete) {
        String prefix = delete.getPrefix();
        byte[] prefixKey = prefix.isEmpty() ? new byte[0] : KeyRules.directory(prefix, context.hidden);
        List<Found> found = below(volume, prefixKey, delete.getLimit());
        boolean more = found.size() > delete.getLimit();
        List<Found> doomed = more ? found.subList(0, delete.getLimit()) : found;
        doomed.forEach(each -> heads.checkReplaceable(volume, each.key, nameOf(each.key), each.entry));
        doomed.forEach(each -> heads.replace(volume, each.key, each.entry, null, Cause.DELETED));
        return TreeChange.newBuilder().setEntries(doomed.size()).setMore(more).build();
    }

    private Entry store(VolumeState volume, byte[] from, byte[] key, Entry old, Entry now) {
        now.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
        return heads.replace(volume, key, old, now, Cause.copiedFrom(from));
    }

    /** By how many bytes the volume grows by a move: what versioning keeps at both ends stays. */
    private long growth(VolumeState volume, byte[] from, Entry source, byte[] to, Entry target) {
        return heads.growth(volume, to, target, source.getSize()) + heads.growth(volume, from, source, 0);
    }

    private static String nameOf(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    private Entry copied(Entry source, Copy copy) {
        Entry.Builder entry = source.toBuilder()
                .setVersion(context.version)
                .setCreatedAtMs(context.timeMs)
                .setModifiedAtMs(context.timeMs)
                .clearLock()
                .clearLeaseId();
        if (copy.hasRange()) {
            Attributes.dropDigests(entry.clearDigests());
            cut(entry, copy);
        }
        if (copy.getDigestsCount() > 0) {
            entry.clearDigests().addAllDigests(copy.getDigestsList());
        }
        if (copy.getReplaceMetadata()) {
            entry.clearMetadata().addAllMetadata(copy.getMetadataList()).setContentType(copy.getContentType());
        }
        if (copy.getReplaceAttributes()) {
            entry.clearAttributes().addAllAttributes(copy.getAttributesList());
        }
        if (copy.hasLock()) {
            entry.setLock(copy.getLock());
        }
        return entry.build();
    }

    /** Leaves only a part of the bytes. */
    private static void cut(Entry.Builder entry, Copy copy) {
        long from = copy.getRange().getOffset();
        long length = copy.getRange().getLength();
        if (from < 0 || length <= 0 || from > entry.getSize() - length) {
            throw Refusal.invalid("range of " + length + " bytes at " + from + " is not within the " + entry.getSize()
                    + " bytes of " + KeyRules.show(copy.getFrom()));
        }
        List<Extent> whole = List.copyOf(entry.getExtentsList());
        entry.clearExtents().setSize(length);
        long position = 0;
        for (Extent extent : whole) {
            long start = Math.max(from, position);
            long end = Math.min(from + length, position + extent.getLength());
            if (start < end) {
                entry.addExtents(extent.toBuilder()
                        .setOffset(extent.getOffset() + (int) (start - position))
                        .setLength((int) (end - start)));
            }
            position += extent.getLength();
        }
    }

    private Entry source(VolumeState volume, String name, byte[] key, Precondition condition) {
        Entry source = context.head(volume.id, key);
        if (source == null) {
            throw Refusal.of(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no file " + KeyRules.show(name));
        }
        Preconditions.check(condition, name, source);
        return source;
    }

    private static boolean isTree(String from, String to) {
        if (from.endsWith("/") != to.endsWith("/")) {
            throw Refusal.invalid("from " + KeyRules.show(from) + " and to " + KeyRules.show(to)
                    + " must both be files, or both be directories ending with '/'");
        }
        return from.endsWith("/");
    }

    private Tree tree(VolumeState volume, String from, String to, Precondition target) {
        byte[] fromKey = KeyRules.directory(from, context.hidden);
        byte[] toKey = KeyRules.directory(to, context.hidden);
        if (to.startsWith(from)) {
            throw Refusal.invalid("to " + KeyRules.show(to) + " is within from " + KeyRules.show(from)
                    + "; a directory cannot go into itself");
        }
        List<Found> found = below(volume, fromKey, StoreLimits.MAX_TREE_ENTRIES);
        if (found.isEmpty()) {
            throw Refusal.of(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no directory " + KeyRules.show(from));
        }
        if (found.size() > StoreLimits.MAX_TREE_ENTRIES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "directory " + KeyRules.show(from) + " has more than " + StoreLimits.MAX_TREE_ENTRIES
                            + " entries; move its subdirectories one by one");
        }
        int growth = toKey.length - fromKey.length;
        for (Found each : found) {
            if (each.key.length + growth > StoreLimits.MAX_KEY_BYTES) {
                throw Refusal.invalid("key " + KeyRules.show(new String(each.key, StandardCharsets.UTF_8))
                        + " would have more than " + StoreLimits.MAX_KEY_BYTES + " bytes below " + KeyRules.show(to));
            }
        }
        return new Tree(found, toKey, targetMarker(volume, to, toKey, target));
    }

    /** The target may be missing, or an empty directory if that is allowed: then its marker. */
    private Entry targetMarker(VolumeState volume, String to, byte[] toKey, Precondition target) {
        List<Found> present = below(volume, toKey, 1);
        boolean onlyMarker = present.size() == 1 && Arrays.equals(present.get(0).key, toKey);
        if (present.isEmpty() || onlyMarker) {
            Entry marker = onlyMarker ? present.get(0).entry : null;
            Preconditions.check(target, to, marker);
            return marker;
        } else {
            throw Refusal.of(
                    target.getMustNotExist()
                            ? ErrorCode.ERROR_CODE_PRECONDITION_FAILED
                            : ErrorCode.ERROR_CODE_NOT_EMPTY,
                    "directory " + KeyRules.show(to)
                            + " exists and is not empty; choose another name, or delete it first");
        }
    }

    private List<Found> below(VolumeState volume, byte[] prefix, int limit) {
        byte[] start = Keys.head(volume.id, prefix);
        byte[] from = prefix.length == 0 ? Keys.visibleFrom(volume.id) : start;
        List<Found> found = new ArrayList<>();
        try (Cursor cursor = context.transaction.range(Family.HEAD, from, Keys.after(start))) {
            for (; cursor.valid() && found.size() <= limit; cursor.next()) {
                found.add(new Found(Keys.bytesOfHead(cursor.key()), ApplyContext.parseEntry(cursor.value())));
            }
        }
        return found;
    }

    private static byte[] moved(byte[] key, String from, String to) {
        byte[] target = Keys.utf8(to);
        int cut = Keys.utf8(from).length;
        return ByteBuffer.allocate(target.length + key.length - cut)
                .put(target)
                .put(key, cut, key.length - cut)
                .array();
    }
}
