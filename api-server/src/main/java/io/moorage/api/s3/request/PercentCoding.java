package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Percent-coding as S3 does it (RFC 3986 §2.1; Signature Version 4, "UriEncode"). */
public final class PercentCoding {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentCoding() {}

    /**
     * Every octet but letters, digits and -._~ as %XX.
     *
     * @param keepSlash whether '/' stays as it is, as in paths
     */
    public static String encode(String text, boolean keepSlash) {
        return encode(text.getBytes(StandardCharsets.UTF_8), keepSlash);
    }

    /** As {@link #encode(String, boolean)}, of octets that need not be UTF-8. */
    static String encode(byte[] octets, boolean keepSlash) {
        byte[] out = new byte[octets.length * 3];
        int n = 0;
        for (byte b : octets) {
            if (unreserved(b) || b == '/' && keepSlash) {
                out[n++] = b;
            } else {
                out[n++] = '%';
                out[n++] = HEX[(b >> 4) & 15];
                out[n++] = HEX[b & 15];
            }
        }
        return new String(out, 0, n, StandardCharsets.US_ASCII);
    }

    /**
     * Strictly: every % is followed by two hex digits, and the whole is UTF-8.
     *
     * @param plusIsSpace as in queries and form fields; a plus in a path is a plus
     * @throws S3Exception InvalidURI
     */
    public static String decode(String raw, boolean plusIsSpace) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets(raw, plusIsSpace)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_URI,
                    "Couldn't parse the specified URI: it is not valid UTF-8 once its %XX are decoded.");
        }
    }

    /** The octets that a raw text stands for. @throws S3Exception InvalidURI */
    static byte[] octets(String raw, boolean plusIsSpace) {
        byte[] in = raw.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            byte b = in[i];
            if (b == '%') {
                int high = i + 2 < in.length ? digit(in[i + 1]) : -1;
                int low = i + 2 < in.length ? digit(in[i + 2]) : -1;
                if (high < 0 || low < 0) {
                    throw new S3Exception(
                            S3ErrorCode.INVALID_URI,
                            "Couldn't parse the specified URI: '%' at octet " + i
                                    + " is not followed by two hex digits.");
                }
                out[n++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[n++] = b == '+' && plusIsSpace ? (byte) ' ' : b;
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static int digit(byte b) {
        // Character.digit would take digits of other scripts as well.
        return b < 0 ? -1 : Character.digit((char) b, 16);
    }

    private static boolean unreserved(byte b) {
        return b >= 'A' && b <= 'Z'
                || b >= 'a' && b <= 'z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }
}
