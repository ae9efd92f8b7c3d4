package io.moorage.node.store;

import io.moorage.node.store.kv.Cursor;
import io.moorage.node.store.kv.Family;
import io.moorage.node.store.kv.KeyValueReader;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.EntryVersion;
import io.moorage.protocol.v1.VersionSelector;
import io.moorage.protocol.v1.VersioningState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads versions of keys in one consistent state. For one thread at a time. */
final class VersionReads {
    private final KeyValueReader reader;
    private final long volume;

    VersionReads(KeyValueReader reader, long volume) {
        this.reader = reader;
        this.volume = volume;
    }

    /** A version of a key, delete markers included; without a selector the newest entry. */
    Optional<Entry> find(byte[] key, VersionSelector selector) {
        Entry head = head(key);
        Entry found = switch (selector.getWhichCase()) {
            case VERSION ->
                head != null && head.getVersion() == selector.getVersion()
                        ? head
                        : VersionChain.at(reader, volume, key, selector.getVersion());
            case NULL_VERSION ->
                head != null && !head.getVersioned() ? head : VersionChain.nullVersion(reader, volume, key);
            case WHICH_NOT_SET -> head;
        };
        return Optional.ofNullable(found);
    }

    /** Of a key without an entry: the delete marker that is the reason. */
    Optional<Entry> deleteMarker(String key, byte[] bytes) {
        int slash = key.indexOf('/');
        if (slash < 0 || state(key.substring(0, slash + 1)) == VersioningState.VERSIONING_STATE_UNVERSIONED) {
            return Optional.empty();
        }
        return Optional.ofNullable(VersionChain.newest(reader, volume, bytes))
                .filter(newest -> newest.getKind() == EntryKind.ENTRY_KIND_DELETE_MARKER);
    }

    /** @param directory at the top, ends with "/" */
    VersioningState state(String directory) {
        return VersioningStates.parse(reader.get(Family.META, Keys.versioning(volume, directory)));
    }

    /**
     * A page of versions: keys in byte order, of each the newest first.
     *
     * @param nextKey where to go on, when truncated, together with `nextVersion`
     */
    record Page(
            List<EntryVersion> versions,
            List<String> commonPrefixes,
            boolean truncated,
            String nextKey,
            long nextVersion) {}

    /** The bounds are checked already. @param versionMarker 0 = after all versions of `keyMarker` */
    Page list(byte[] prefix, String delimiter, String keyMarker, long versionMarker, int limit) {
        byte[] start = Keys.head(volume, prefix);
        byte[] end = prefix.length == 0 ? Keys.to(volume) : Keys.after(start);
        byte[] position = prefix.length == 0 ? Keys.visibleFrom(volume) : start;
        if (!keyMarker.isEmpty()) {
            byte[] marker = Keys.head(volume, Keys.utf8(keyMarker));
            boolean within = versionMarker != 0;
            boolean rolledUp = !within
                    && !delimiter.isEmpty()
                    && keyMarker.endsWith(delimiter)
                    && startsWith(marker, start)
                    && marker.length > start.length;
            // Nothing sorts between a key's versions, which go on with NUL, and the key with U+0001.
            byte[] from = within ? marker : rolledUp ? Keys.after(marker) : next(marker);
            position = Arrays.compareUnsigned(from, position) > 0 ? from : position;
        }
        Listing listing = new Listing(limit);
        if (Arrays.compareUnsigned(position, end) >= 0) {
            return listing.page(false);
        }
        try (Cursor heads = reader.range(Family.HEAD, position, end);
                Cursor chain = reader.range(Family.VERSIONS, position, end)) {
            for (byte[] at = smaller(heads, chain); at != null; at = smaller(heads, chain)) {
                String key = Keys.keyOfHead(at);
                int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefixLength(prefix));
                if (cut >= 0) {
                    if (listing.full()) {
                        return listing.page(true);
                    }
                    String rolled = key.substring(0, cut + delimiter.length());
                    listing.add(rolled);
                    byte[] after = Keys.after(Keys.head(volume, Keys.utf8(rolled)));
                    heads.seek(after);
                    chain.seek(after);
                } else {
                    long before = key.equals(keyMarker) && versionMarker != 0 ? versionMarker : Long.MAX_VALUE;
                    if (!addKey(listing, key, at, before, heads, chain)) {
                        return listing.page(true);
                    }
                }
            }
        }
        return listing.page(false);
    }

    /** Adds the versions of a key that are older than `before`, and moves both cursors behind it; false: the page is full. */
    private boolean addKey(Listing listing, String key, byte[] at, long before, Cursor heads, Cursor chain) {
        boolean latest = true;
        if (heads.valid() && Arrays.equals(heads.key(), at)) {
            Entry entry = ApplyContext.parseEntry(heads.value());
            if (entry.getVersion() < before && !listing.add(key, entry, true)) {
                return false;
            }
            latest = false;
            heads.next();
        }
        if (isOf(chain, at) && before != Long.MAX_VALUE && versionAt(chain) >= before) {
            latest = false;
            chain.seek(Keys.history(volume, Keys.bytesOfHead(at), before - 1));
        }
        for (; isOf(chain, at); chain.next()) {
            // Version 0 notes which one is the null version.
            if (versionAt(chain) != 0) {
                if (!listing.add(key, ApplyContext.parseEntry(chain.value()), latest)) {
                    return false;
                }
                latest = false;
            }
        }
        return true;
    }

    private Entry head(byte[] key) {
        byte[] value = reader.get(Family.HEAD, Keys.head(volume, key));
        return value == null ? null : ApplyContext.parseEntry(value);
    }

    private static long versionAt(Cursor chain) {
        return Keys.versionOfHistory(chain.key());
    }

    private static boolean isOf(Cursor chain, byte[] headKey) {
        return chain.valid() && Arrays.equals(headKeyOf(chain.key()), headKey);
    }

    private static byte[] smaller(Cursor heads, Cursor chain) {
        byte[] head = heads.valid() ? heads.key() : null;
        byte[] kept = chain.valid() ? headKeyOf(chain.key()) : null;
        return kept == null || head != null && Arrays.compareUnsigned(head, kept) <= 0 ? head : kept;
    }

    private static byte[] headKeyOf(byte[] chainKey) {
        return Arrays.copyOf(chainKey, chainKey.length - 9);
    }

    private static byte[] next(byte[] key) {
        byte[] next = Arrays.copyOf(key, key.length + 1);
        next[key.length] = 1;
        return next;
    }

    private static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static int prefixLength(byte[] prefix) {
        return new String(prefix, java.nio.charset.StandardCharsets.UTF_8).length();
    }

    /** A page in the making. */
    private static final class Listing {
        private final int limit;
        private final List<EntryVersion> versions = new ArrayList<>();
        private final List<String> prefixes = new ArrayList<>();
        private long bytes;
        private String lastKey = "";
        private long lastVersion;

        Listing(int limit) {
            this.limit = limit;
        }

        boolean full() {
            return versions.size() + prefixes.size() >= limit || bytes > EntryPage.MAX_BYTES;
        }

        void add(String prefix) {
            prefixes.add(prefix);
            lastKey = prefix;
            lastVersion = 0;
        }

        /** False: it does not fit any more. */
        boolean add(String key, Entry entry, boolean latest) {
            if (full()) {
                return false;
            }
            Entry described = Heads.describe(key, entry);
            bytes += described.getSerializedSize();
            versions.add(EntryVersion.newBuilder()
                    .setEntry(described)
                    .setLatest(latest)
                    .build());
            lastKey = key;
            lastVersion = entry.getVersion();
            return true;
        }

        Page page(boolean truncated) {
            return new Page(versions, prefixes, truncated, truncated ? lastKey : "", truncated ? lastVersion : 0);
        }
    }
}
