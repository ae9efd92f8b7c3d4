package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.rest.ApiClient;
import java.util.function.Consumer;

/** Walks listings page by page. */
public final class Listing {
    private Listing() {}

    /** Entries (and, unless recursive, directories as {"key":…,"kind":"directory"}) below a directory, in key order. */
    public static void forEach(ApiClient api, RemotePath directory, boolean recursive, Consumer<JsonNode> visitor) {
        String after = "";
        JsonNode page;
        do {
            page = api.get(
                    directory.directory().url() + "?recursive=" + recursive + "&startAfter=" + ApiClient.query(after));
            Merge.forEach(page, visitor);
            after = page.get("next").asText();
        } while (page.get("truncated").asBoolean());
    }
}
