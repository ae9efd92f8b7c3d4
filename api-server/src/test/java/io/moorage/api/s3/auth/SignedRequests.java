package io.moorage.api.s3.auth;

import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.Query;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request of a file of vectors: "= name", method and target, headers, and lines "@name value" about it.
 *
 * @param name what is behind the "="
 */
record SignedRequests(
        String name, String method, String path, String query, Headers headers, Map<String, String> notes) {

    @Override
    public String toString() {
        return name;
    }

    Query parsedQuery() {
        return Query.parse(query);
    }

    static List<SignedRequests> read(String resource) {
        try (InputStream in = SignedRequests.class.getResourceAsStream(resource)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            List<SignedRequests> requests = new ArrayList<>();
            for (String block : text.split("\n\n")) {
                List<String> lines = block.lines()
                        .filter(line -> !line.startsWith("#") && !line.isBlank())
                        .toList();
                if (!lines.isEmpty()) {
                    requests.add(parse(lines));
                }
            }
            return requests;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SignedRequests parse(List<String> lines) {
        String method = lines.get(1).substring(0, lines.get(1).indexOf(' '));
        String target = lines.get(1).substring(method.length() + 1);
        int question = target.indexOf('?');
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Map<String, String> notes = new LinkedHashMap<>();
        for (String line : lines.subList(2, lines.size())) {
            if (line.startsWith("@")) {
                notes.put(line.substring(1, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
            } else {
                int colon = line.indexOf(':');
                headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>())
                        .add(line.substring(colon + 1));
            }
        }
        return new SignedRequests(
                lines.get(0).substring(2),
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? null : target.substring(question + 1),
                Headers.of(headers),
                notes);
    }
}
