package io.moorage.api.s3.auth;

import io.moorage.api.s3.body.Payload;
import io.moorage.api.s3.errors.S3Exception;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The values of x-amz-content-sha256. */
final class PayloadHeader {
    static final String NAME = "x-amz-content-sha256";
    static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    private PayloadHeader() {}

    /** @throws S3Exception InvalidArgument */
    static Payload.Kind kind(String value) {
        return switch (value) {
            case UNSIGNED -> Payload.Kind.UNSIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" -> Payload.Kind.CHUNKED_SIGNED;
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" -> Payload.Kind.CHUNKED_SIGNED_TRAILER;
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" -> Payload.Kind.CHUNKED_UNSIGNED_TRAILER;
            default -> {
                if (!SHA256.matcher(value).matches()) {
                    throw S3Exception.invalidArgument(
                            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                            NAME,
                            value);
                }
                yield Payload.Kind.SIGNED;
            }
        };
    }

    /** Of a value whose kind is {@link Payload.Kind#SIGNED}. */
    static byte[] sha256(String value) {
        return HexFormat.of().parseHex(value);
    }
}
