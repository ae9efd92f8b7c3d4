package io.moorage.cli.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of the REST API. Immutable.
 *
 * @param path with its query, percent-encoded
 * @param repeatable whether doing it twice is the same as doing it once
 * @param silence how long the server may say nothing
 */
public record ApiRequest(
        String method,
        String path,
        Map<String, String> headers,
        BodySource body,
        boolean repeatable,
        Duration silence) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration SILENCE = Duration.ofSeconds(60);

    public static ApiRequest of(String method, String path) {
        return new ApiRequest(method, path, Map.of(), BytesBody.NONE, true, SILENCE);
    }

    public ApiRequest header(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new ApiRequest(method, path, more, body, repeatable, silence);
    }

    public ApiRequest headers(Map<String, String> added) {
        Map<String, String> more = new TreeMap<>(headers);
        more.putAll(added);
        return new ApiRequest(method, path, more, body, repeatable, silence);
    }

    public ApiRequest body(BodySource source) {
        return new ApiRequest(method, path, headers, source, repeatable, silence);
    }

    public ApiRequest json(Object value) {
        try {
            byte[] bytes = JSON.writeValueAsBytes(value);
            return header("Content-Type", "application/json").body(new BytesBody(bytes, bytes.length));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Not tried again once it may have taken effect. */
    public ApiRequest once() {
        return new ApiRequest(method, path, headers, body, false, silence);
    }

    /** Of a thing that takes the server long. */
    public ApiRequest allowSilence(Duration longer) {
        return new ApiRequest(method, path, headers, body, repeatable, longer);
    }
}
