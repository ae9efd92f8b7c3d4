package io.moorage.api.s3.encryption;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A key that came with a request (SSE-C; Amazon S3 user guide, "Using server-side encryption with customer-provided keys"). It is
 * neither kept nor logged. Immutable.
 */
public final class CustomerKey {
    /** How the headers of a request begin that are about its own object. */
    public static final String OWN = "x-amz-server-side-encryption-customer-";
    /** How those begin that are about the object that is copied. */
    public static final String OF_SOURCE = "x-amz-copy-source-server-side-encryption-customer-";

    private static final String ALGORITHM = "AES256";
    private static final int LENGTH = 32;

    private final byte[] octets;
    private final String md5;

    private CustomerKey(byte[] octets, String md5) {
        this.octets = octets;
        this.md5 = md5;
    }

    /**
     * The key that a request brings; empty: none.
     *
     * @param prefix {@link #OWN} or {@link #OF_SOURCE}
     * @throws S3Exception InvalidArgument if a part of it is missing or they do not fit each other; InvalidEncryptionAlgorithmError
     */
    public static Optional<CustomerKey> of(Headers headers, String prefix) {
        Optional<String> algorithm = headers.first(prefix + "algorithm");
        Optional<String> key = headers.first(prefix + "key");
        Optional<String> md5 = headers.first(prefix + "key-MD5");
        if (algorithm.isEmpty() && key.isEmpty() && md5.isEmpty()) {
            return Optional.empty();
        }
        if (algorithm.isEmpty()) {
            throw missing(prefix + "algorithm", "a valid encryption algorithm");
        }
        if (!algorithm.get().equals(ALGORITHM)) {
            throw new S3Exception(S3ErrorCode.INVALID_ENCRYPTION_ALGORITHM)
                    .with("ArgumentName", prefix + "algorithm")
                    .with("ArgumentValue", algorithm.get());
        }
        if (key.isEmpty()) {
            throw missing(prefix + "key", "an appropriate secret key");
        }
        if (md5.isEmpty()) {
            throw missing(prefix + "key-MD5", "the client calculated MD5 of the secret key");
        }
        byte[] octets = decode(key.get());
        if (octets.length != LENGTH) {
            // Never with its value: errors are shown and logged.
            throw new S3Exception(
                            S3ErrorCode.INVALID_ARGUMENT, "The secret key was invalid for the specified algorithm.")
                    .with("ArgumentName", prefix + "key");
        }
        if (!MessageDigest.isEqual(md5(octets), decode(md5.get()))) {
            throw S3Exception.invalidArgument(
                    "The calculated MD5 hash of the key did not match the hash that was provided.",
                    prefix + "key-MD5",
                    md5.get());
        }
        return Optional.of(new CustomerKey(octets, md5.get()));
    }

    private static S3Exception missing(String header, String what) {
        return S3Exception.invalidArgument(
                "Requests specifying Server Side Encryption with Customer provided keys must provide " + what + ".",
                header,
                "");
    }

    /** What is no base64 is as long as no key is. */
    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64.trim());
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static byte[] md5(byte[] octets) {
        try {
            return MessageDigest.getInstance("MD5").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] octets() {
        return octets.clone();
    }

    /** Whether both are the same key. */
    public boolean is(CustomerKey other) {
        return MessageDigest.isEqual(octets, other.octets);
    }

    /** What answers say of it. */
    Map<String, String> headers() {
        return Map.of(OWN + "algorithm", ALGORITHM, OWN + "key-MD5", md5);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CustomerKey key && is(key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "CustomerKey";
    }
}
