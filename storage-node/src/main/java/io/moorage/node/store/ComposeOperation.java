package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.protocol.v1.Compose;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Part;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Joins the files of a hidden directory into one. Extents change hands; no bytes are copied. */
final class ComposeOperation {
    private final ApplyContext context;
    private final Heads heads;

    ComposeOperation(ApplyContext context, Heads heads) {
        this.context = context;
        this.heads = heads;
    }

    EntryChange compose(VolumeState volume, Compose compose) {
        byte[] key = KeyRules.file(compose.getKey(), context.hidden);
        Map<String, Entry> present = directory(volume, compose.getDirectory());
        List<Entry> parts = parts(compose, present);
        Entry old = context.head(volume.id, key);
        Preconditions.check(compose.getPrecondition(), compose.getKey(), old);
        long size = parts.stream().mapToLong(Entry::getSize).sum();
        long freed = present.values().stream().mapToLong(Entry::getSize).sum();
        checkBounds(compose, parts, size);
        volume.checkQuota(old == null && !Keys.isHidden(key) ? 1 : 0, heads.growth(volume, key, old, size) - freed);
        heads.checkReplaceable(volume, key, compose.getKey(), old);
        Locks.checkFuture(compose.getLock().getMode(), compose.getLock().getRetainUntilMs(), context.timeMs);
        for (Map.Entry<String, Entry> each : present.entrySet()) {
            heads.checkReplaceable(volume, Keys.utf8(each.getKey()), each.getKey(), each.getValue());
        }

        Entry.Builder entry = Entry.newBuilder()
                .setKind(EntryKind.ENTRY_KIND_FILE)
                .setVersion(context.version)
                .setSize(size)
                .setCreatedAtMs(old == null ? context.timeMs : old.getCreatedAtMs())
                .setModifiedAtMs(context.timeMs)
                .setContentType(compose.getContentType())
                .addAllMetadata(compose.getMetadataList())
                .addAllDigests(compose.getDigestsList())
                .addAllAttributes(compose.getAttributesList());
        if (compose.hasLock()) {
            entry.setLock(compose.getLock());
        }
        parts.forEach(part -> entry.addAllExtents(part.getExtentsList()));
        takeOver(volume, compose, present);
        Entry stored = heads.replace(volume, key, old, entry.build(), Cause.PUT);
        return EntryChange.newBuilder()
                .setReplaced(old != null)
                .setEntry(Heads.describe(compose.getKey(), stored))
                .build();
    }

    /** Empties the directory. The first use of a part takes its references over, so that thousands of them are not written. */
    private void takeOver(VolumeState volume, Compose compose, Map<String, Entry> present) {
        Set<String> used = new HashSet<>();
        for (Part part : compose.getPartsList()) {
            String name = compose.getDirectory() + part.getName();
            if (!used.add(name)) {
                present.get(name)
                        .getExtentsList()
                        .forEach(extent -> heads.references().add(volume, extent));
            }
        }
        present.forEach((name, entry) -> {
            if (used.contains(name)) {
                heads.take(volume, Keys.utf8(name), entry);
            } else {
                heads.replace(volume, Keys.utf8(name), entry, null, Cause.DELETED);
            }
        });
    }

    /** Everything in the directory, by key. */
    private Map<String, Entry> directory(VolumeState volume, String directory) {
        byte[] from = Keys.head(volume.id, KeyRules.directory(directory, true));
        Map<String, Entry> present = new LinkedHashMap<>();
        try (Cursor cursor = context.transaction.range(Family.HEAD, from, Keys.after(from))) {
            for (; cursor.valid(); cursor.next()) {
                if (present.size() == StoreLimits.MAX_PARTS_DIRECTORY) {
                    throw Refusal.of(
                            ErrorCode.ERROR_CODE_TOO_LARGE,
                            "directory " + KeyRules.show(directory) + " has more than "
                                    + StoreLimits.MAX_PARTS_DIRECTORY + " entries; delete what is no part");
                }
                present.put(Keys.keyOfHead(cursor.key()), ApplyContext.parseEntry(cursor.value()));
            }
        }
        return present;
    }

    private static List<Entry> parts(Compose compose, Map<String, Entry> present) {
        List<Entry> parts = new ArrayList<>(compose.getPartsCount());
        for (Part part : compose.getPartsList()) {
            Entry entry = present.get(compose.getDirectory() + part.getName());
            if (entry == null) {
                throw Refusal.of(
                        ErrorCode.ERROR_CODE_NOT_FOUND,
                        "there is no part " + KeyRules.show(part.getName()) + " in "
                                + KeyRules.show(compose.getDirectory()));
            }
            if (entry.getVersion() != part.getVersion()) {
                throw Refusal.of(
                        ErrorCode.ERROR_CODE_CONFLICT,
                        "part " + KeyRules.show(part.getName()) + " has version " + entry.getVersion() + ", not "
                                + part.getVersion() + ": it was written again");
            }
            parts.add(entry);
        }
        return parts;
    }

    private static void checkBounds(Compose compose, List<Entry> parts, long size) {
        long extents = parts.stream().mapToLong(Entry::getExtentsCount).sum();
        if (extents > StoreLimits.MAX_EXTENTS || size > StoreLimits.MAX_COMPOSED_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    KeyRules.show(compose.getKey()) + " would have " + size + " bytes in " + extents
                            + " extents; at most " + StoreLimits.MAX_COMPOSED_BYTES + " bytes and "
                            + StoreLimits.MAX_EXTENTS + " extents are allowed");
        }
    }
}
