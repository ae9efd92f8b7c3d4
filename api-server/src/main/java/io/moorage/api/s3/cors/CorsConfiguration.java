package io.moorage.api.s3.cors;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of a bucket; the first that matches counts (Amazon S3 user guide, "Using cross-origin resource sharing"). */
public record CorsConfiguration(List<CorsRule> rules) {
    private static final int MAX_RULES = 100;
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");

    /** @throws S3Exception MalformedXML, InvalidRequest */
    public CorsConfiguration {
        rules = List.copyOf(rules);
        if (rules.isEmpty() || rules.size() > MAX_RULES) {
            throw new S3Exception(
                    S3ErrorCode.MALFORMED_XML,
                    "A CORS configuration has 1 to " + MAX_RULES + " rules; this one has " + rules.size() + ".");
        }
        rules.forEach(CorsConfiguration::check);
    }

    private static void check(CorsRule rule) {
        if (rule.allowedMethods().isEmpty() || rule.allowedOrigins().isEmpty()) {
            throw new S3Exception(
                    S3ErrorCode.MALFORMED_XML, "A CORSRule needs at least one AllowedMethod and one AllowedOrigin.");
        }
        for (String method : rule.allowedMethods()) {
            if (!METHODS.contains(method)) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        for (String origin : rule.allowedOrigins()) {
            checkWildcards("AllowedOrigin", origin);
        }
        for (String header : rule.allowedHeaders()) {
            checkWildcards("AllowedHeader", header);
        }
        for (String header : rule.exposeHeaders()) {
            if (header.contains("*")) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "ExposeHeader \"" + header
                                + "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
            }
        }
    }

    private static void checkWildcards(String element, String value) {
        if (value.indexOf('*') != value.lastIndexOf('*')) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST, element + " \"" + value + "\" can not have more than one wildcard.");
        }
    }

    /**
     * The headers of the answer to a preflight.
     *
     * @param requestHeaders Access-Control-Request-Headers, or empty
     * @return empty: no rule allows it, the answer is 403
     */
    public Optional<Map<String, String>> preflight(String origin, String method, String requestHeaders) {
        List<String> requested = Arrays.stream(requestHeaders.split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .toList();
        return rules.stream()
                .filter(rule -> rule.allows(origin, method) && rule.allowsHeaders(requested))
                .findFirst()
                .map(rule -> {
                    Map<String, String> headers = headers(rule, origin);
                    if (!requested.isEmpty()) {
                        headers.put("Access-Control-Allow-Headers", String.join(", ", requested));
                    }
                    rule.maxAgeSeconds().ifPresent(age -> headers.put("Access-Control-Max-Age", Integer.toString(age)));
                    return headers;
                });
    }

    /** The headers that a request from another origin gets beside its answer; none if no rule allows it. */
    public Map<String, String> headers(String origin, String method) {
        return rules.stream()
                .filter(rule -> rule.allows(origin, method))
                .findFirst()
                .map(rule -> headers(rule, origin))
                .orElse(Map.of());
    }

    private static Map<String, String> headers(CorsRule rule, String origin) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Access-Control-Allow-Origin", rule.anyOrigin() ? "*" : origin);
        headers.put("Access-Control-Allow-Methods", String.join(", ", rule.allowedMethods()));
        if (!rule.exposeHeaders().isEmpty()) {
            headers.put("Access-Control-Expose-Headers", String.join(", ", rule.exposeHeaders()));
        }
        if (!rule.anyOrigin()) {
            headers.put("Access-Control-Allow-Credentials", "true");
        }
        headers.put("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
        return headers;
    }
}
