package io.moorage.client;

import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Part;
import io.moorage.protocol.v1.Precondition;
import java.util.List;

/**
 * How to join parts into one entry. Immutable.
 *
 * @param key of the entry to make
 * @param directory where the parts are: begins with U+0001, ends with "/"; everything in it goes with the parts
 * @param parts 1 to 10000, in this order, each with the version expected; together at most 65536 extents and 5 TiB
 * @param contentType may be empty
 * @param metadata user metadata, any order, names unique
 * @param attributes beside it, any order, names unique, at most 16 KiB
 * @param digests of the whole content, if known
 * @param lock default instance = none
 * @param precondition on what `key` holds, decided when it is applied
 */
public record ComposeOptions(
        String key,
        String directory,
        List<Part> parts,
        String contentType,
        List<MetadataItem> metadata,
        List<MetadataItem> attributes,
        List<Digest> digests,
        ObjectLock lock,
        Precondition precondition) {}
