package io.moorage.api.s3.object;

import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names of the attributes that S3 keeps with entries, beside the user's metadata. */
public final class Attributes {
    /** See {@link ContentFacts}. What begins so is dropped by the store when others append. */
    public static final String CONTENT = "digest.s3";
    /** Tags as in the header x-amz-tagging. */
    public static final String TAGS = "s3.tags";

    static final String STORAGE_CLASS = "s3.storage-class";
    static final String REDIRECT = "s3.redirect";

    /** Headers that are kept as they were sent and given back with the object, and their attributes. */
    static final Map<String, String> HEADERS = headers();

    private Attributes() {}

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cache-Control", "s3.cache-control");
        headers.put("Content-Disposition", "s3.content-disposition");
        headers.put("Content-Encoding", "s3.content-encoding");
        headers.put("Content-Language", "s3.content-language");
        headers.put("Expires", "s3.expires");
        return headers;
    }

    public static MetadataItem item(String name, String value) {
        return MetadataItem.newBuilder().setName(name).setValue(value).build();
    }

    public static Optional<String> get(Entry entry, String name) {
        return get(entry.getAttributesList(), name);
    }

    public static Optional<String> get(List<MetadataItem> attributes, String name) {
        return attributes.stream()
                .filter(item -> item.getName().equals(name))
                .map(MetadataItem::getValue)
                .findFirst();
    }
}
