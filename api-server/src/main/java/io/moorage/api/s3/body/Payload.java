package io.moorage.api.s3.body;

import java.util.Optional;

/**
 * How a body is sent, which the authentication of its request tells.
 *
 * @param sha256 that the body must have, if it was signed as a whole
 * @param verifier of its chunks, if they are signed
 */
public record Payload(Kind kind, Optional<byte[]> sha256, Optional<ChunkVerifier> verifier) {
    /** The kinds of x-amz-content-sha256. */
    public enum Kind {
        /** As it is, and nothing signs it: UNSIGNED-PAYLOAD, or none at all. */
        UNSIGNED,
        /** As it is; its SHA-256 was signed. */
        SIGNED,
        /** STREAMING-AWS4-HMAC-SHA256-PAYLOAD. */
        CHUNKED_SIGNED,
        /** STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER. */
        CHUNKED_SIGNED_TRAILER,
        /** STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
        CHUNKED_UNSIGNED_TRAILER;

        /** Whether the body is in aws-chunked coding. */
        public boolean chunked() {
            return this != UNSIGNED && this != SIGNED;
        }

        /** Whether trailers follow the last chunk. */
        public boolean trailers() {
            return this == CHUNKED_SIGNED_TRAILER || this == CHUNKED_UNSIGNED_TRAILER;
        }
    }

    /** A body that nothing is known of. */
    public static final Payload UNSIGNED = new Payload(Kind.UNSIGNED, Optional.empty(), Optional.empty());
}
