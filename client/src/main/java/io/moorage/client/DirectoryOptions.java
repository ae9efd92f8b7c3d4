package io.moorage.client;

import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.Precondition;
import java.util.List;

/**
 * How to store the marker of a directory. Immutable.
 *
 * @param key ends with "/"
 * @param contentType may be empty
 * @param metadata user metadata, any order, names unique
 * @param attributes beside it, any order, names unique, at most 16 KiB
 * @param precondition decided when it is applied
 */
public record DirectoryOptions(
        String key,
        String contentType,
        List<MetadataItem> metadata,
        List<MetadataItem> attributes,
        Precondition precondition) {}
