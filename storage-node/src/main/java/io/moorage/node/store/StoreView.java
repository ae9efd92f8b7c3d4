package io.moorage.node.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueStore;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.Lease;
import io.moorage.protocol.v1.ListVersionsResponse;
import io.moorage.protocol.v1.Pin;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import io.moorage.protocol.v1.Volume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One consistent state of a group, for reading. For one thread at a time; close it soon, it holds back the store's cleaning.
 */
public final class StoreView implements AutoCloseable {
    private final KeyValueStore.View view;
    private final GroupStore.Position position;

    StoreView(KeyValueStore.View view) {
        this.view = view;
        this.position = GroupStore.Position.parse(view.get(Family.META, Keys.APPLIED));
    }

    /** The newest version that this state can hold. */
    public long version() {
        return Versions.lastOf(position.index());
    }

    public long index() {
        return position.index();
    }

    public List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        try (Cursor cursor = view.range(Family.META, Keys.VOLUME_FROM, Keys.VOLUME_TO)) {
            for (; cursor.valid(); cursor.next()) {
                volumes.add(parseVolume(cursor.value()));
            }
        }
        return volumes;
    }

    /** Ids (16 bytes) of the groups that went on as this one. */
    public List<ByteString> predecessors() {
        List<ByteString> predecessors = new ArrayList<>();
        try (Cursor cursor = view.range(Family.META, Keys.PREDECESSOR_FROM, Keys.PREDECESSOR_TO)) {
            for (; cursor.valid(); cursor.next()) {
                predecessors.add(UnsafeByteOperations.unsafeWrap(Keys.groupOfPredecessor(cursor.key())));
            }
        }
        return predecessors;
    }

    public Optional<Volume> volume(long id) {
        return Optional.ofNullable(view.get(Family.META, Keys.volume(id))).map(StoreView::parseVolume);
    }

    /**
     * What is under a key. For a directory's key without a marker but with entries below it: a DIRECTORY with version 0.
     *
     * @param asOf 0 = this state; otherwise an older version, which a pin must protect
     * @throws Refusal VOLUME_NOT_FOUND, COMPACTED, INVALID_ARGUMENT
     */
    public Optional<Entry> stat(long volume, String key, long asOf) {
        return stat(volume, key, asOf, false);
    }

    /** @param hidden the key may be hidden */
    public Optional<Entry> stat(long volume, String key, long asOf, boolean hidden) {
        byte[] bytes = KeyRules.any("key", key, hidden);
        requireVolume(volume);
        try (KeyWalk walk = walk(volume, asOf)) {
            Entry entry = walk.at(volume, bytes);
            if (entry == null && key.endsWith("/")) {
                byte[] from = Keys.head(volume, bytes);
                entry = walk.first(from, Keys.after(from))
                        .map(below -> Entry.newBuilder()
                                .setKind(EntryKind.ENTRY_KIND_DIRECTORY)
                                .build())
                        .orElse(null);
            }
            return Optional.ofNullable(entry).map(e -> e.toBuilder().setKey(key).build());
        }
    }

    /**
     * One version of a key; delete markers too.
     *
     * @param hidden the key may be hidden
     * @throws Refusal VOLUME_NOT_FOUND, INVALID_ARGUMENT
     */
    public Optional<Entry> version(long volume, String key, VersionSelector selector, boolean hidden) {
        byte[] bytes = KeyRules.any("key", key, hidden);
        requireVolume(volume);
        return new VersionReads(view, volume)
                .find(bytes, selector)
                .map(entry -> entry.toBuilder().setKey(key).build());
    }

    /** Of a key that {@link #stat} has no entry for: the delete marker that is its newest version. */
    public Optional<Entry> deleteMarker(long volume, String key) {
        return new VersionReads(view, volume)
                .deleteMarker(key, Keys.utf8(key))
                .map(entry -> entry.toBuilder().setKey(key).build());
    }

    /** What becomes of what is replaced or deleted below a top-level directory (its key ends with "/"). */
    public VersioningState versioning(long volume, String directory) {
        return new VersionReads(view, volume).state(directory);
    }

    /**
     * Lists all versions of keys, as {@link #list} does entries; of each key the newest first. Hidden keys are not listed.
     *
     * @param versionMarker not 0: goes on within `keyMarker`, with its versions older than this
     * @throws Refusal VOLUME_NOT_FOUND, INVALID_ARGUMENT
     */
    public ListVersionsResponse.Builder versions(
            long volume, String prefix, String delimiter, String keyMarker, long versionMarker, int limit) {
        byte[] prefixKey = KeyRules.prefix("prefix", prefix);
        KeyRules.prefix("key_marker", keyMarker);
        checkListing(delimiter, limit);
        if (versionMarker < 0 || versionMarker > 0 && keyMarker.isEmpty()) {
            throw Refusal.invalid("version_marker is " + versionMarker + "; it is a version of key_marker, or 0");
        }
        requireVolume(volume);
        VersionReads.Page page =
                new VersionReads(view, volume).list(prefixKey, delimiter, keyMarker, versionMarker, limit);
        return ListVersionsResponse.newBuilder()
                .addAllVersions(page.versions())
                .addAllCommonPrefixes(page.commonPrefixes())
                .setTruncated(page.truncated())
                .setNextKeyMarker(page.nextKey())
                .setNextVersionMarker(page.nextVersion())
                .setAppliedVersion(version());
    }

    private static void checkListing(String delimiter, int limit) {
        if (delimiter.length() > StoreLimits.MAX_KEY_BYTES) {
            throw Refusal.invalid("delimiter has " + delimiter.length() + " characters; at most "
                    + StoreLimits.MAX_KEY_BYTES + " are allowed");
        }
        if (limit < 1 || limit > 1000) {
            throw Refusal.invalid("limit is " + limit + "; it must be 1 to 1000");
        }
    }

    /** The bytes of an inline extent's part. Empty: it is not there (any more). */
    public Optional<ByteString> inline(long volume, Extent extent) {
        byte[] bytes = view.get(Family.DATA, Keys.extent(volume, extent.getIdHigh(), extent.getIdLow()));
        if (bytes == null || extent.getOffset() + extent.getLength() > bytes.length) {
            return Optional.empty();
        }
        Invariant.check(
                Checksums.crc32c(bytes) == extent.getCrc32C(),
                "inline extent %016x of volume %d does not have its checksum",
                extent.getIdHigh(),
                volume);
        return Optional.of(UnsafeByteOperations.unsafeWrap(bytes, extent.getOffset(), extent.getLength()));
    }

    /**
     * Lists keys in byte order; those that have the delimiter after the prefix are rolled up, and skipped over rather than
     * read.
     *
     * @param delimiter empty: none
     * @param limit 1 to 1000, entries and common prefixes together
     * @throws Refusal VOLUME_NOT_FOUND, COMPACTED, INVALID_ARGUMENT
     */
    public EntryPage list(long volume, String prefix, String delimiter, String startAfter, int limit, long asOf) {
        return list(volume, prefix, delimiter, startAfter, limit, asOf, false);
    }

    /** @param hidden the prefix may begin hidden keys, and then lists them */
    public EntryPage list(
            long volume, String prefix, String delimiter, String startAfter, int limit, long asOf, boolean hidden) {
        KeyRules.prefix("prefix", prefix, hidden);
        KeyRules.prefix("start_after", startAfter, hidden);
        checkListing(delimiter, limit);
        requireVolume(volume);
        try (KeyWalk walk = walk(volume, asOf)) {
            return EntryPage.read(walk, volume, prefix, delimiter, startAfter, limit);
        }
    }

    /**
     * Goes through the newest versions of a volume's keys, in byte order of these; hidden ones are left out.
     *
     * @param startAfter empty: from the first one
     * @param visitor is given an entry with its extents; false: it is the last one
     * @return the last key that was visited, if the visitor wanted no more; otherwise empty
     * @throws Refusal VOLUME_NOT_FOUND, INVALID_ARGUMENT
     */
    public String forEachEntry(long volume, String startAfter, Predicate<Entry> visitor) {
        byte[] after = KeyRules.prefix("start_after", startAfter);
        requireVolume(volume);
        byte[] head = Keys.head(volume, after);
        byte[] from = after.length == 0 ? Keys.visibleFrom(volume) : Arrays.copyOf(head, head.length + 1);
        try (KeyWalk walk = walk(volume, 0)) {
            for (Optional<KeyWalk.Step> step = walk.first(from, Keys.to(volume));
                    step.isPresent();
                    step = walk.next()) {
                String key = Keys.keyOfHead(step.get().headKey());
                if (!visitor.test(step.get().entry().toBuilder().setKey(key).build())) {
                    return key;
                }
            }
        }
        return "";
    }

    /** A page of a volume's changes. @throws Refusal VOLUME_NOT_FOUND, COMPACTED, INVALID_ARGUMENT */
    public ChangesPage changes(long volume, ChangesPage.Query query) {
        requireVolume(volume);
        return ChangesPage.read(view, volume(volume).orElseThrow(), version(), query, extent -> inline(volume, extent));
    }

    /**
     * A lease as it is, or empty: it ended.
     *
     * @throws Refusal VOLUME_NOT_FOUND
     */
    public Optional<Lease> lease(long volume, long id) {
        requireVolume(volume);
        byte[] value = view.get(Family.LEASES, Keys.lease(volume, id));
        try {
            return value == null
                    ? Optional.empty()
                    : Optional.of(Lease.parseFrom(value))
                            .map(lease -> lease.toBuilder()
                                    .setRemainingMs(Math.max(0, lease.getExpiresAtMs() - position.leaseMs()))
                                    .build());
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a lease's record is damaged: " + e.getMessage());
        }
    }

    /** The keys that are attached to a lease, in byte order. */
    public List<String> leaseKeys(long volume, long id) {
        return Leases.keys(view, volume, id).stream().map(Keys::text).toList();
    }

    public List<Pin> pins(long volume) {
        List<Pin> pins = new ArrayList<>();
        try (Cursor cursor = view.range(Family.PINS, Keys.from(volume), Keys.to(volume))) {
            for (; cursor.valid(); cursor.next()) {
                pins.add(Pin.parseFrom(cursor.value()));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a pin's record is damaged: " + e.getMessage());
        }
        return pins;
    }

    /** Whether anything names this extent. */
    public boolean isReferenced(long volume, long idHigh, long idLow) {
        return view.get(Family.REFS, Keys.extent(volume, idHigh, idLow)) != null;
    }

    /** All extents in extent files that the state names, in the order of (volume, id) as unsigned bytes; false ends it. */
    public void forEachExtent(Predicate<ExtentRef> visitor) {
        try (Cursor cursor = view.range(Family.REFS, new byte[0], Keys.END)) {
            for (; cursor.valid(); cursor.next()) {
                java.nio.ByteBuffer key = java.nio.ByteBuffer.wrap(cursor.key());
                long volume = key.getLong();
                long high = key.getLong();
                long low = key.getLong();
                byte[] record = cursor.value();
                // Records without a checksum count the sharers of an inline extent.
                if (!StoreLimits.isInlineId(low)
                        && !visitor.test(new ExtentRef(
                                volume, high, low, References.lengthOf(record), References.crcOf(record)))) {
                    return;
                }
            }
        }
    }

    /**
     * Keys and values that were read and had the checksums of the store.
     *
     * @param next where to go on; null: that was all of the family
     */
    public record Scanned(long bytes, byte[] next) {}

    /**
     * Reads a part of a family from the disk, for nothing but its checksums.
     *
     * @param maxBytes about; one key at least is read
     * @throws io.moorage.node.store.kv.StoreIoException what is on disk is not what was written
     */
    public Scanned scan(Family family, byte[] from, long maxBytes) {
        long bytes = 0;
        try (Cursor cursor = view.scan(family, from, Keys.END)) {
            for (; cursor.valid(); cursor.next()) {
                if (bytes >= maxBytes) {
                    return new Scanned(bytes, cursor.key());
                }
                bytes += cursor.key().length + cursor.value().length;
            }
        }
        return new Scanned(bytes, null);
    }

    @Override
    public void close() {
        view.close();
    }

    private void requireVolume(long volume) {
        if (view.get(Family.META, Keys.volume(volume)) == null) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND,
                    "there is no volume with id " + volume + " in this group; it was deleted, or moved");
        }
    }

    private KeyWalk walk(long volume, long asOf) {
        if (asOf == 0 || asOf >= version()) {
            return new KeyWalk(view, 0);
        }
        boolean kept = pins(volume).stream()
                .anyMatch(pin -> pin.getVersion() == asOf
                        && (pin.getExpiresAtMs() == 0 || pin.getExpiresAtMs() > position.leaseMs()));
        if (!kept) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_COMPACTED,
                    "no snapshot or pin keeps version " + asOf
                            + " of this volume; read a kept one, or the present state");
        }
        return new KeyWalk(view, asOf);
    }

    private static Volume parseVolume(byte[] value) {
        try {
            return Volume.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new Invariant.Violation("a volume's record is damaged: " + e.getMessage());
        }
    }
}
