package io.moorage.api.s3.auth;

import java.util.Optional;

/**
 * What a signing key is good for.
 *
 * @param date yyyyMMdd
 */
public record Scope(String date, String region, String service) {
    static final String END = "aws4_request";

    /** As it stands in strings to sign. */
    @Override
    public String toString() {
        return date + "/" + region + "/" + service + "/" + END;
    }

    /**
     * An access key with a scope behind it, as it stands in Credential.
     *
     * @param accessKeyId may have slashes
     */
    record OfKey(String accessKeyId, Scope scope) {
        /** Empty: it is not of that form. */
        static Optional<OfKey> parse(String credential) {
            String[] parts = credential.split("/", -1);
            int n = parts.length;
            if (n < 5 || !parts[n - 1].equals(END) || !parts[n - 4].matches("\\d{8}")) {
                return Optional.empty();
            }
            String accessKeyId = String.join("/", java.util.Arrays.asList(parts).subList(0, n - 4));
            return accessKeyId.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new OfKey(accessKeyId, new Scope(parts[n - 4], parts[n - 3], parts[n - 2])));
        }
    }
}
