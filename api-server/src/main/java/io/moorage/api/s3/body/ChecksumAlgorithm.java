package io.moorage.api.s3.body;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** The algorithms of x-amz-checksum-* (Amazon S3 user guide, "Checking object integrity"). */
public enum ChecksumAlgorithm {
    CRC32(4),
    CRC32C(4),
    CRC64NVME(8),
    SHA1(20),
    SHA256(32);

    private static final CrcCombination COMBINE_CRC32 = new CrcCombination(32, 0xEDB88320L);
    private static final CrcCombination COMBINE_CRC32C = new CrcCombination(32, 0x82F63B78L);
    private static final CrcCombination COMBINE_CRC64NVME = new CrcCombination(64, Crc64Nvme.POLYNOMIAL);

    private final int length;

    ChecksumAlgorithm(int length) {
        this.length = length;
    }

    /** Octets of a value. */
    public int length() {
        return length;
    }

    /** The header (or trailer) that carries it, in lower case. */
    public String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** The element of documents that carries it. */
    public String element() {
        return "Checksum" + name();
    }

    /** Whether multipart objects can have it in that way. */
    public boolean supports(ChecksumType type) {
        return switch (this) {
            case CRC64NVME -> type == ChecksumType.FULL_OBJECT;
            case SHA1, SHA256 -> type == ChecksumType.COMPOSITE;
            case CRC32, CRC32C -> true;
        };
    }

    /** The way that multipart objects have it when nobody says. */
    public ChecksumType defaultType() {
        return this == CRC64NVME ? ChecksumType.FULL_OBJECT : ChecksumType.COMPOSITE;
    }

    /** One to feed. */
    public RunningChecksum start() {
        return switch (this) {
            case CRC32 -> RunningChecksum.of(new CRC32(), length);
            case CRC32C -> RunningChecksum.of(new CRC32C(), length);
            case CRC64NVME -> RunningChecksum.of(new Crc64Nvme(), length);
            case SHA1 -> RunningChecksum.of("SHA-1");
            case SHA256 -> RunningChecksum.of("SHA-256");
        };
    }

    /** By its name in any case, as in x-amz-checksum-algorithm. @throws S3Exception InvalidRequest */
    public static ChecksumAlgorithm parse(String name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.name().equalsIgnoreCase(name)) {
                return algorithm;
            }
        }
        throw new S3Exception(
                S3ErrorCode.INVALID_REQUEST,
                "Checksum algorithm provided is unsupported: '" + name
                        + "'. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]");
    }

    /** By a header's or trailer's name. */
    public static Optional<ChecksumAlgorithm> ofHeader(String name) {
        for (ChecksumAlgorithm algorithm : values()) {
            if (algorithm.header().equalsIgnoreCase(name)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** A value from base64. @throws S3Exception InvalidRequest when it is not one of this algorithm */
    public byte[] decode(String base64) {
        try {
            byte[] value = Base64.getDecoder().decode(base64.trim());
            if (value.length == length) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new S3Exception(
                S3ErrorCode.INVALID_REQUEST,
                "Value for " + header() + " header is invalid: '" + base64 + "' is not base64 of " + length
                        + " bytes.");
    }

    /** The CRC of two pieces after each other. Only of those that {@link ChecksumType#FULL_OBJECT} is supported of. */
    long combine(long first, long second, long secondLength) {
        return switch (this) {
            case CRC32 -> COMBINE_CRC32.combine(first, second, secondLength);
            case CRC32C -> COMBINE_CRC32C.combine(first, second, secondLength);
            case CRC64NVME -> COMBINE_CRC64NVME.combine(first, second, secondLength);
            case SHA1, SHA256 -> throw new IllegalArgumentException(this + " cannot be combined");
        };
    }
}
