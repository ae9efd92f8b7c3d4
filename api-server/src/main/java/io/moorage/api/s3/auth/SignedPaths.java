package io.moorage.api.s3.auth;

import io.moorage.api.s3.request.PercentCoding;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The paths that a client may have signed when this one arrived: with or without a prefix that something between client and server
 * put on or took off, encoded as S3 says or just as it was sent. Which bucket and key are meant never depends on it.
 */
final class SignedPaths {
    private SignedPaths() {}

    /**
     * @param rawPath as it arrived
     * @param prefixes such as "/s3"
     */
    static Set<String> of(String rawPath, List<String> prefixes) {
        Set<String> raw = new LinkedHashSet<>();
        raw.add(rawPath);
        for (String prefix : prefixes) {
            boolean below = rawPath.startsWith(prefix)
                    && (rawPath.length() == prefix.length() || rawPath.charAt(prefix.length()) == '/');
            String other = below ? rawPath.substring(prefix.length()) : prefix + rawPath;
            raw.add(other.isEmpty() ? "/" : other);
        }
        Set<String> paths = new LinkedHashSet<>();
        for (String path : raw) {
            paths.add(PercentCoding.encode(PercentCoding.decode(path, false), true));
            paths.add(path);
        }
        return paths;
    }
}
