package io.moorage.api.s3.endpoint;

import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.RequestHead;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes what comes before the body out of the server's hands. */
final class RequestHeads {
    private RequestHeads() {}

    static RequestHead of(HttpServletRequest request, Instant received) {
        Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : Collections.list(request.getHeaderNames())) {
            List<String> values = new ArrayList<>();
            Collections.list(request.getHeaders(name)).forEach(value -> values.add(unicode(value)));
            fields.putIfAbsent(name, values);
        }
        return RequestHead.of(
                request.getMethod(), request.getRequestURI(), request.getQueryString(), Headers.of(fields), received);
    }

    /** The server takes octets of headers for Latin-1; clients of S3 mean UTF-8, and sign that. */
    private static String unicode(String value) {
        if (value.chars().allMatch(c -> c < 0x80)) {
            return value;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }
}
