package io.moorage.api.s3.body;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What was computed of a body that was read to its end and found to be what its sender said.
 *
 * @param size in bytes, decoded
 * @param md5 16 octets
 * @param algorithm of the checksum, if one was sent or wanted
 * @param checksum of that algorithm
 * @param sent whether the sender gave a checksum of that algorithm
 */
public record BodyDigests(
        long size, byte[] md5, Optional<ChecksumAlgorithm> algorithm, Optional<byte[]> checksum, boolean sent) {
    /** The ETag of an object that was put at once: without quotes. */
    public String etag() {
        return HexFormat.of().formatHex(md5);
    }

    /** As it stands in headers and documents. */
    public Optional<String> checksumBase64() {
        return checksum.map(Base64.getEncoder()::encodeToString);
    }
}
