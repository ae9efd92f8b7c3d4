package io.moorage.api.s3.request;

import java.time.Instant;

/**
 * What comes before the body of a request, as it came: nothing decoded, nothing normalised, since it was signed like that.
 *
 * @param method in capitals
 * @param rawPath from the request line, with its percent signs; begins with '/'
 * @param query its parameters
 * @param headers Host among them
 * @param received when it came
 */
public record RequestHead(String method, String rawPath, Query query, Headers headers, Instant received) {
    /** @param rawQuery undecoded, may be null */
    public static RequestHead of(String method, String rawPath, String rawQuery, Headers headers, Instant received) {
        return new RequestHead(method, rawPath, Query.parse(rawQuery), headers, received);
    }

    /** Host, or nothing. */
    public String host() {
        return headers.first("Host").orElse("");
    }
}
