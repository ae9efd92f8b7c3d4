package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3Exception;
import java.util.Optional;

/**
 * What x-amz-copy-source names (CopyObject, UploadPartCopy).
 *
 * @param version empty: the current one
 */
public record CopySource(String bucket, String key, Optional<String> version) {
    private static final String VERSION = "?versionId=";

    /**
     * @param value bucket/key or /bucket/key, percent-encoded, perhaps with ?versionId=; unlike in a path, a plus is a space in it
     * @throws S3Exception InvalidArgument
     */
    public static CopySource parse(String value) {
        int versionAt = value.lastIndexOf(VERSION);
        String path = versionAt < 0 ? value : value.substring(0, versionAt);
        // Some clients encode all of it, the slash after the bucket included.
        String decoded = PercentCoding.decode(path, true);
        String plain = decoded.startsWith("/") ? decoded.substring(1) : decoded;
        int slash = plain.indexOf('/');
        if (plain.startsWith("arn:") || slash <= 0 || slash == plain.length() - 1) {
            throw S3Exception.invalidArgument(
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
                    "x-amz-copy-source",
                    value);
        }
        String key = plain.substring(slash + 1);
        Target.checkKey(key);
        Optional<String> version = versionAt < 0
                ? Optional.empty()
                : Optional.of(PercentCoding.decode(value.substring(versionAt + VERSION.length()), true));
        if (version.isPresent() && version.get().isEmpty()) {
            throw S3Exception.invalidArgument("Version id cannot be the empty string", "versionId", "");
        }
        return new CopySource(plain.substring(0, slash), key, version);
    }
}
