package io.moorage.node.store;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.SetAttributes;
import java.util.List;
import java.util.TreeMap;

/** What faces keep with an entry beside the user's metadata. */
final class Attributes {
    /** Attributes with this beginning of their name tell of the bytes, and go when the bytes change. */
    private static final String DIGEST = "digest.";

    private Attributes() {}

    /** For an entry that gets other bytes than the one whose attributes it takes over. */
    static void dropDigests(Entry.Builder entry) {
        List<MetadataItem> kept = entry.getAttributesList().stream()
                .filter(item -> !item.getName().startsWith(DIGEST))
                .toList();
        if (kept.size() < entry.getAttributesCount()) {
            entry.clearAttributes().addAllAttributes(kept);
        }
    }

    /** @throws Refusal TOO_LARGE: more than 16 KiB in all */
    static List<MetadataItem> changed(List<MetadataItem> present, SetAttributes change) {
        TreeMap<String, MetadataItem> items = new TreeMap<>();
        present.forEach(item -> items.put(item.getName(), item));
        change.getRemoveList().forEach(items::remove);
        change.getSetList().forEach(item -> items.put(item.getName(), item));
        long bytes = items.values().stream().mapToLong(Attributes::bytes).sum();
        if (bytes > StoreLimits.MAX_ATTRIBUTE_BYTES) {
            throw Refusal.of(
                    ErrorCode.ERROR_CODE_TOO_LARGE,
                    "the attributes of " + KeyRules.show(change.getKey()) + " would have " + bytes + " bytes; at most "
                            + StoreLimits.MAX_ATTRIBUTE_BYTES + " are allowed");
        }
        return List.copyOf(items.values());
    }

    private static long bytes(MetadataItem item) {
        return (long) Keys.utf8(item.getName()).length + Keys.utf8(item.getValue()).length;
    }
}
