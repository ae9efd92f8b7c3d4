package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;

/** Walks listings, page by page. */
public final class Listing {
    private Listing() {}

    /** Takes one entry, as the API describes it. */
    @FunctionalInterface
    public interface Visitor {
        void visit(JsonNode entry) throws IOException;
    }

    /**
     * Visits what is below a directory, in the order of keys.
     *
     * @param recursive everything; otherwise directories stand for what is in them, as {"key":…,"kind":"directory"}
     */
    public static void forEach(ApiClient api, RemotePath directory, boolean recursive, Visitor visitor)
            throws IOException {
        String base = directory.directory().url() + "?recursive=" + recursive;
        String after = "";
        JsonNode page;
        do {
            page = api.get(base + "&startAfter=" + Urls.query(after));
            merge(page, visitor);
            after = page.path("next").asText();
        } while (page.path("truncated").asBoolean());
    }

    /** Visits all entries below a directory. */
    public static void forEachEntry(ApiClient api, RemotePath directory, EntryVisitor visitor) throws IOException {
        forEach(api, directory, true, json -> visitor.visit(RemoteEntry.of(json)));
    }

    /** Takes one entry. */
    @FunctionalInterface
    public interface EntryVisitor {
        void visit(RemoteEntry entry) throws IOException;
    }

    /** What the API says of exactly this key. */
    public static Optional<JsonNode> find(ApiClient api, RemotePath path) {
        JsonNode page = first(api, path);
        JsonNode entry = page.path("items").path(0);
        return entry.path("key").asText().equals(path.key()) ? Optional.of(entry) : Optional.empty();
    }

    /** Whether there is a directory of that name, made or implied by what is in it. */
    public static boolean isDirectory(ApiClient api, RemotePath path) {
        return path.isVolume() || first(api, path.directory()).path("items").size() > 0;
    }

    /** The first entry whose key begins with this one. The key itself comes before all that continue it. */
    private static JsonNode first(ApiClient api, RemotePath prefix) {
        RemotePath volume = new RemotePath(prefix.volume(), "");
        return api.get(volume.url() + "?recursive=true&limit=1&prefix=" + Urls.query(prefix.key()));
    }

    /** A page's files and directories in one order. */
    private static void merge(JsonNode page, Visitor visitor) throws IOException {
        Iterator<JsonNode> items = page.path("items").iterator();
        Iterator<JsonNode> prefixes = page.path("commonPrefixes").iterator();
        JsonNode item = next(items);
        JsonNode prefix = next(prefixes);
        while (item != null || prefix != null) {
            if (prefix == null || item != null && item.path("key").asText().compareTo(prefix.asText()) <= 0) {
                visitor.visit(item);
                item = next(items);
            } else {
                ObjectNode directory = JsonNodeFactory.instance.objectNode();
                directory.put("key", prefix.asText()).put("kind", "directory").put("size", 0);
                visitor.visit(directory);
                prefix = next(prefixes);
            }
        }
    }

    private static JsonNode next(Iterator<JsonNode> nodes) {
        return nodes.hasNext() ? nodes.next() : null;
    }
}
