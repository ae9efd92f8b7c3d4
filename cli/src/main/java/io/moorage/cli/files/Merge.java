package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.function.Consumer;

/** A page's files and directories in one order. */
final class Merge {
    private Merge() {}

    static void forEach(JsonNode page, Consumer<JsonNode> visitor) {
        Iterator<JsonNode> items = page.get("items").iterator();
        Iterator<JsonNode> prefixes = page.get("commonPrefixes").iterator();
        JsonNode item = next(items);
        JsonNode prefix = next(prefixes);
        while (item != null || prefix != null) {
            if (prefix == null || item != null && item.get("key").asText().compareTo(prefix.asText()) <= 0) {
                visitor.accept(item);
                item = next(items);
            } else {
                ObjectNode directory = JsonNodeFactory.instance.objectNode();
                directory.put("key", prefix.asText()).put("kind", "directory").put("size", 0);
                visitor.accept(directory);
                prefix = next(prefixes);
            }
        }
    }

    private static JsonNode next(Iterator<JsonNode> nodes) {
        return nodes.hasNext() ? nodes.next() : null;
    }
}
