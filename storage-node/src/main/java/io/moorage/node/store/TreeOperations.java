package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Copy;
import io.moorage.protocol.v1.DeleteTree;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
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

    TreeOperations(ApplyContext context, Heads heads) {
        this.context = context;
        this.heads = heads;
    }

    TreeChange rename(VolumeState volume, Rename rename) {
        if (isTree(rename.getFrom(), rename.getTo())) {
            Tree tree = tree(volume, rename.getFrom(), rename.getTo(), rename.getTarget());
            for (Found each : tree.found) {
                Entry moved = each.entry.toBuilder().setVersion(context.version).build();
                moved.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
                byte[] to = moved(each.key, rename.getFrom(), rename.getTo());
                heads.replace(volume, each.key, each.entry, null, Cause.renamedTo(to));
                heads.replace(volume, to, tree.replacedBy(to), moved, Cause.renamedFrom(each.key));
            }
            return TreeChange.newBuilder().setEntries(tree.found.size()).build();
        }
        byte[] from = KeyRules.file(rename.getFrom());
        byte[] to = KeyRules.file(rename.getTo());
        Entry source = source(volume, rename.getFrom(), from, rename.getSource());
        Entry target = context.head(volume.id, to);
        Preconditions.check(rename.getTarget(), rename.getTo(), target);
        if (!Arrays.equals(from, to)) {
            Entry moved = source.toBuilder().setVersion(context.version).build();
            moved.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
            heads.replace(volume, from, source, null, Cause.renamedTo(to));
            heads.replace(volume, to, target, moved, Cause.renamedFrom(from));
        }
        return TreeChange.newBuilder().setEntries(1).build();
    }

    TreeChange copy(VolumeState volume, Copy copy) {
        if (isTree(copy.getFrom(), copy.getTo())) {
            Tree tree = tree(volume, copy.getFrom(), copy.getTo(), copy.getTarget());
            volume.checkQuota(
                    tree.found.size(),
                    tree.found.stream().mapToLong(f -> f.entry.getSize()).sum());
            for (Found each : tree.found) {
                byte[] to = moved(each.key, copy.getFrom(), copy.getTo());
                store(volume, each.key, to, tree.replacedBy(to), copied(each.entry, copy));
            }
            return TreeChange.newBuilder().setEntries(tree.found.size()).build();
        }
        byte[] from = KeyRules.file(copy.getFrom());
        byte[] to = KeyRules.file(copy.getTo());
        Entry source = source(volume, copy.getFrom(), from, copy.getSource());
        Entry target = context.head(volume.id, to);
        Preconditions.check(copy.getTarget(), copy.getTo(), target);
        volume.checkQuota(target == null ? 1 : 0, source.getSize() - (target == null ? 0 : target.getSize()));
        store(volume, from, to, target, copied(source, copy));
        return TreeChange.newBuilder().setEntries(1).build();
    }

    TreeChange deleteTree(VolumeState volume, DeleteTree delete) {
        String prefix = delete.getPrefix();
        byte[] prefixKey = prefix.isEmpty() ? new byte[0] : KeyRules.directory(prefix);
        List<Found> found = below(volume, prefixKey, delete.getLimit());
        boolean more = found.size() > delete.getLimit();
        List<Found> doomed = more ? found.subList(0, delete.getLimit()) : found;
        doomed.forEach(each -> heads.replace(volume, each.key, each.entry, null, Cause.DELETED));
        return TreeChange.newBuilder().setEntries(doomed.size()).setMore(more).build();
    }

    private void store(VolumeState volume, byte[] from, byte[] key, Entry old, Entry now) {
        now.getExtentsList().forEach(extent -> heads.references().add(volume, extent));
        heads.replace(volume, key, old, now, Cause.copiedFrom(from));
    }

    private Entry copied(Entry source, Copy copy) {
        Entry.Builder entry = source.toBuilder()
                .setVersion(context.version)
                .setCreatedAtMs(context.timeMs)
                .setModifiedAtMs(context.timeMs)
                .clearLeaseId();
        if (copy.getReplaceMetadata()) {
            entry.clearMetadata().addAllMetadata(copy.getMetadataList()).setContentType(copy.getContentType());
        }
        return entry.build();
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
        byte[] fromKey = KeyRules.directory(from);
        byte[] toKey = KeyRules.directory(to);
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
        byte[] from = Keys.head(volume.id, prefix);
        List<Found> found = new ArrayList<>();
        try (Cursor cursor = context.transaction.range(Family.HEAD, from, Keys.after(from))) {
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
