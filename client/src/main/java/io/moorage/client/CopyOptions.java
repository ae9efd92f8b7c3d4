package io.moorage.client;

import io.moorage.protocol.v1.ByteRange;
import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.VersionSelector;
import java.util.List;
import java.util.Optional;

/**
 * How to copy one file within a volume. Immutable.
 *
 * @param from its key
 * @param version of it
 * @param range the part of it; empty = all
 * @param to the key of the copy; may be `from`
 * @param metadata empty = content type and metadata as the source has them
 * @param attributes empty = as the source has them; any order, names unique, at most 16 KiB
 * @param digests not empty: instead of the source's, which are dropped if only a part is copied
 * @param lock of the copy; default instance = none. It is never taken from the source
 * @param source decided on the version that is copied
 * @param target decided on what `to` holds
 */
public record CopyOptions(
        String from,
        VersionSelector version,
        Optional<ByteRange> range,
        String to,
        Optional<UserMetadata> metadata,
        Optional<List<MetadataItem>> attributes,
        List<Digest> digests,
        ObjectLock lock,
        Precondition source,
        Precondition target) {

    /** Content type (may be empty) and metadata (any order, names unique). */
    public record UserMetadata(String contentType, List<MetadataItem> items) {}

    /** The newest version, whole, with everything but its lock, unconditionally. */
    public static CopyOptions of(String from, String to) {
        return new CopyOptions(
                from,
                VersionedStore.newest(),
                Optional.empty(),
                to,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                ObjectLock.getDefaultInstance(),
                Precondition.getDefaultInstance(),
                Precondition.getDefaultInstance());
    }
}
