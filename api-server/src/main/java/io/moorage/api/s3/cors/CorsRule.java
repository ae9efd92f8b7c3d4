package io.moorage.api.s3.cors;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One rule (Amazon S3 API reference, CORSRule).
 *
 * @param allowedMethods of GET, PUT, POST, DELETE, HEAD
 * @param allowedOrigins with at most one '*' each
 * @param allowedHeaders with at most one '*' each; compared without regard to case
 * @param maxAgeSeconds how long browsers may keep the answer to a preflight
 */
public record CorsRule(
        Optional<String> id,
        List<String> allowedMethods,
        List<String> allowedOrigins,
        List<String> allowedHeaders,
        List<String> exposeHeaders,
        Optional<Integer> maxAgeSeconds) {
    public CorsRule {
        allowedMethods = List.copyOf(allowedMethods);
        allowedOrigins = List.copyOf(allowedOrigins);
        allowedHeaders = List.copyOf(allowedHeaders);
        exposeHeaders = List.copyOf(exposeHeaders);
    }

    boolean allows(String origin, String method) {
        return allowedMethods.contains(method) && allowedOrigins.stream().anyMatch(pattern -> matches(pattern, origin));
    }

    boolean allowsHeaders(List<String> requested) {
        return requested.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .allMatch(name ->
                        allowedHeaders.stream().anyMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name)));
    }

    boolean anyOrigin() {
        return allowedOrigins.contains("*");
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        return star < 0
                ? pattern.equals(text)
                : text.length() >= pattern.length() - 1
                        && text.startsWith(pattern.substring(0, star))
                        && text.endsWith(pattern.substring(star + 1));
    }
}
