package io.moorage.client;

import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import java.util.List;
import java.util.function.Supplier;

/**
 * How to store an entry.
 *
 * @param key UTF-8, 1 to 1280 bytes, not ending with "/"
 * @param contentType may be empty
 * @param metadata user metadata, any order, names unique
 * @param precondition decided when the put is applied
 * @param digests asked for after the last byte was read and before the put is committed: digests to keep with the entry; it
 *     may throw to give the put up (a mismatch), which then leaves nothing behind
 * @param attributes asked for right after the digests: what to keep beside the user's metadata, any order, names unique, at
 *     most 16 KiB; it may throw as well
 * @param lock default instance = none
 */
public record PutOptions(
        String key,
        String contentType,
        List<MetadataItem> metadata,
        Precondition precondition,
        Supplier<List<Digest>> digests,
        Supplier<List<MetadataItem>> attributes,
        ObjectLock lock) {

    /** Without attributes and lock. */
    public PutOptions(
            String key,
            String contentType,
            List<MetadataItem> metadata,
            Precondition precondition,
            Supplier<List<Digest>> digests) {
        this(key, contentType, metadata, precondition, digests, List::of, ObjectLock.getDefaultInstance());
    }

    public static PutOptions of(String key) {
        return new PutOptions(key, "", List.of(), Precondition.getDefaultInstance(), List::of);
    }
}
