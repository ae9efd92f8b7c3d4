package io.moorage.api.s3.body;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** ETag and checksum of a completed multipart upload, from those of its parts, as AWS computes them. */
public final class MultipartDigests {
    /**
     * @param checksum of the part's bytes
     * @param size of the part in bytes
     */
    public record Part(byte[] checksum, long size) {}

    private MultipartDigests() {}

    /** The MD5 of the parts' MD5s in hex, a dash, and how many there were. Without quotes. */
    public static String etag(List<byte[]> md5s) {
        RunningChecksum digest = RunningChecksum.of("MD5");
        md5s.forEach(md5 -> digest.update(md5, 0, md5.length));
        return HexFormat.of().formatHex(digest.value()) + "-" + md5s.size();
    }

    /** The checksum of the parts' checksums in base64, a dash, and how many there were. */
    public static String composite(ChecksumAlgorithm algorithm, List<Part> parts) {
        RunningChecksum checksum = algorithm.start();
        parts.forEach(part -> checksum.update(part.checksum(), 0, part.checksum().length));
        return Base64.getEncoder().encodeToString(checksum.value()) + "-" + parts.size();
    }

    /**
     * The checksum of all bytes in base64, without reading them.
     *
     * @param algorithm one that supports {@link ChecksumType#FULL_OBJECT}
     */
    public static String fullObject(ChecksumAlgorithm algorithm, List<Part> parts) {
        // The CRC of nothing is zero.
        long crc = 0;
        for (Part part : parts) {
            crc = algorithm.combine(crc, number(part.checksum()), part.size());
        }
        return Base64.getEncoder().encodeToString(octets(crc, algorithm.length()));
    }

    /** Either, by type. */
    public static String checksum(ChecksumAlgorithm algorithm, ChecksumType type, List<Part> parts) {
        return type == ChecksumType.COMPOSITE ? composite(algorithm, parts) : fullObject(algorithm, parts);
    }

    private static long number(byte[] octets) {
        long number = 0;
        for (byte octet : octets) {
            number = number << 8 | octet & 0xff;
        }
        return number;
    }

    /** The lowest octets of a number, highest first. */
    static byte[] octets(long number, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = (byte) (number >>> 8 * (length - 1 - i));
        }
        return octets;
    }
}
