package io.moorage.api.files;

import io.moorage.protocol.v1.Digest;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.EntryKind;
import io.moorage.protocol.v1.MetadataItem;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** An entry as JSON. */
final class EntryJson {
    private EntryJson() {}

    static Map<String, Object> of(Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        boolean directory = entry.getKind() == EntryKind.ENTRY_KIND_DIRECTORY;
        json.put("key", entry.getKey());
        json.put("kind", directory ? "directory" : "file");
        json.put("size", entry.getSize());
        json.put("version", Long.toString(entry.getVersion()));
        json.put("etag", etag(entry));
        if (!directory) {
            json.put("contentType", contentType(entry));
        }
        if (entry.getVersion() != 0) {
            json.put("createdAt", Instant.ofEpochMilli(entry.getCreatedAtMs()).toString());
            json.put("modifiedAt", Instant.ofEpochMilli(entry.getModifiedAtMs()).toString());
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (MetadataItem item : entry.getMetadataList()) {
            metadata.put(item.getName(), item.getValue());
        }
        json.put("metadata", metadata);
        Map<String, String> digests = new LinkedHashMap<>();
        for (Digest digest : entry.getDigestsList()) {
            digests.put(
                    digest.getAlgorithm(),
                    Base64.getEncoder().encodeToString(digest.getValue().toByteArray()));
        }
        json.put("digests", digests);
        return json;
    }

    /** Strong: an entry's version is of one content only (RFC 9110 §8.8.3). */
    static String etag(Entry entry) {
        return "\"" + entry.getVersion() + "\"";
    }

    static String contentType(Entry entry) {
        return entry.getContentType().isEmpty() ? "application/octet-stream" : entry.getContentType();
    }
}
