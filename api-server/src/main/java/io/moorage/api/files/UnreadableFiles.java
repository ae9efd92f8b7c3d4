package io.moorage.api.files;

import io.moorage.api.http.Exchange;
import io.moorage.client.UnreadableEntries;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Extent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Names the files of a volume that were lost in whole or in part, at /storage/volumes/{volume}/unreadable. */
final class UnreadableFiles {
    private final Volumes volumes;

    UnreadableFiles(Volumes volumes) {
        this.volumes = volumes;
    }

    void list(Exchange exchange) throws IOException {
        UnreadableEntries page = volumes.store(exchange.context().pathParam("volume"))
                .unreadable(Optional.ofNullable(exchange.context().queryParam("startAfter"))
                        .orElse(""));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("items", page.entries().stream().map(UnreadableFiles::describe).toList());
        json.put("truncated", !page.next().isEmpty());
        json.put("next", page.next());
        json.put("silent", page.silent());
        exchange.json(200, json);
    }

    private static Map<String, Object> describe(Entry entry) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("key", entry.getKey());
        json.put("size", entry.getSize());
        json.put("version", Long.toString(entry.getVersion()));
        json.put(
                "lostBytes",
                entry.getExtentsList().stream().mapToLong(Extent::getLength).sum());
        return json;
    }
}
