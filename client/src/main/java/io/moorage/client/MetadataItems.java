package io.moorage.client;

import io.moorage.protocol.v1.MetadataItem;
import java.util.Comparator;
import java.util.List;

/** Metadata as commands want it. */
final class MetadataItems {
    private MetadataItems() {}

    static List<MetadataItem> sorted(List<MetadataItem> items) {
        return items.stream()
                .sorted(Comparator.comparing(MetadataItem::getName))
                .toList();
    }
}
