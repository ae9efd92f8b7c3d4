package io.moorage.cli.files;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An entry as the API describes it. Immutable.
 *
 * @param etag "" for a directory that is only implied by what is in it
 * @param sha256 of the content, if it is kept
 */
public record RemoteEntry(
        String key,
        boolean isDirectory,
        long size,
        String etag,
        Map<String, String> metadata,
        Optional<byte[]> sha256) {

    public static RemoteEntry of(JsonNode json) {
        Map<String, String> metadata = new TreeMap<>();
        json.path("metadata")
                .fields()
                .forEachRemaining(
                        field -> metadata.put(field.getKey(), field.getValue().asText()));
        String digest = json.path("digests").path("sha-256").asText("");
        return new RemoteEntry(
                json.path("key").asText(),
                json.path("kind").asText().equals("directory"),
                json.path("size").asLong(),
                json.path("etag").asText(""),
                metadata,
                digest.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Base64.getDecoder().decode(digest)));
    }
}
