package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The bucket and the key that a request names.
 *
 * @param bucket empty: the service itself
 * @param key empty: the bucket itself
 */
public record Target(String bucket, String key) {
    /** Octets of a key in UTF-8. */
    public static final int MAX_KEY_OCTETS = 1024;

    /**
     * Path style (/bucket/key), or virtual-host style when the host is a label in front of one of the domains. Exactly one slash
     * is taken away before the key; more of them belong to it. A plus is a plus.
     *
     * @param rawPath undecoded
     * @param mount the path under which S3 is served, as "/s3"; empty: the root
     * @param host the Host header, its port does not matter
     * @param domains names under which buckets are hosts, without a dot in front
     * @throws S3Exception InvalidURI, KeyTooLongError
     */
    public static Target parse(String rawPath, String mount, String host, List<String> domains) {
        String path = mounted(rawPath, mount);
        String rest = path.startsWith("/") ? path.substring(1) : path;
        String hosted = bucketInHost(host, domains);
        if (!hosted.isEmpty()) {
            return new Target(hosted, key(rest));
        }
        int slash = rest.indexOf('/');
        if (slash == 0) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_URI, "Couldn't parse the specified URI: there is no bucket before the key.");
        }
        return slash < 0
                ? new Target(PercentCoding.decode(rest, false), "")
                : new Target(PercentCoding.decode(rest.substring(0, slash), false), key(rest.substring(slash + 1)));
    }

    /** The path below where S3 is served. */
    static String mounted(String rawPath, String mount) {
        boolean below = rawPath.startsWith(mount)
                && (rawPath.length() == mount.length() || rawPath.charAt(mount.length()) == '/');
        return below ? rawPath.substring(mount.length()) : rawPath;
    }

    private static String key(String raw) {
        String key = PercentCoding.decode(raw, false);
        checkKey(key);
        return key;
    }

    /** @throws S3Exception KeyTooLongError */
    public static void checkKey(String key) {
        int octets = key.getBytes(StandardCharsets.UTF_8).length;
        if (octets > MAX_KEY_OCTETS) {
            throw new S3Exception(S3ErrorCode.KEY_TOO_LONG)
                    .with("Size", Integer.toString(octets))
                    .with("MaxSizeAllowed", Integer.toString(MAX_KEY_OCTETS));
        }
    }

    private static String bucketInHost(String host, List<String> domains) {
        String name = host.toLowerCase(Locale.ROOT);
        int port = name.startsWith("[") ? name.indexOf("]:") + 1 : name.lastIndexOf(':');
        if (port > 0) {
            name = name.substring(0, port);
        }
        for (String domain : domains) {
            String suffix = "." + domain.toLowerCase(Locale.ROOT);
            if (name.length() > suffix.length() && name.endsWith(suffix)) {
                return name.substring(0, name.length() - suffix.length());
            }
        }
        return "";
    }

    /** Neither bucket nor key is named. */
    public boolean isService() {
        return bucket.isEmpty();
    }

    /** A bucket, but no key is named. */
    public boolean isBucket() {
        return !bucket.isEmpty() && key.isEmpty();
    }

    /** A key is named. */
    public boolean isObject() {
        return !bucket.isEmpty() && !key.isEmpty();
    }
}
