package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One range of bytes of an object (RFC 9110 §14; S3 has no multiple ranges). */
public final class RangeHeader {
    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d{0,19})-(\\d{0,19})\\s*");
    private static final Pattern COPY = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

    /**
     * @param offset of the first byte
     * @param length in bytes, at least 1
     */
    public record Slice(long offset, long length) {
        /** The value of Content-Range. */
        public String contentRange(long size) {
            return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
        }
    }

    private RangeHeader() {}

    /**
     * Empty: the whole is asked for (no such header, or one of a form that S3 ignores).
     *
     * @param header the value of Range; null: none
     * @throws S3Exception InvalidRange if no byte of it is there
     */
    public static Optional<Slice> parse(String header, long size) {
        Matcher matcher = header == null ? null : ONE.matcher(header.trim());
        if (matcher == null
                || !matcher.matches()
                || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Math.min(size, number(matcher.group(2)));
            if (suffix == 0) {
                throw unsatisfiable(header, size);
            }
            return Optional.of(new Slice(size - suffix, suffix));
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : number(matcher.group(2));
        if (last < first) {
            return Optional.empty();
        }
        if (first >= size) {
            throw unsatisfiable(header, size);
        }
        return Optional.of(new Slice(first, Math.min(last, size - 1) - first + 1));
    }

    /**
     * The x-amz-copy-source-range of a part, which must be within the source.
     *
     * @throws S3Exception InvalidArgument, InvalidRange
     */
    public static Optional<Slice> parseCopy(String header, long size) {
        if (header == null) {
            return Optional.empty();
        }
        Matcher matcher = COPY.matcher(header.trim());
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) > Long.parseLong(matcher.group(2))) {
            throw S3Exception.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
                    "x-amz-copy-source-range",
                    header);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        if (last >= size) {
            throw S3Exception.invalidArgument(
                    "Range specified is not valid for source object of size: " + size,
                    "x-amz-copy-source-range",
                    header);
        }
        return Optional.of(new Slice(first, last - first + 1));
    }

    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            // Nineteen digits may be more than a long holds; it is beyond every object anyway.
            return Long.MAX_VALUE;
        }
    }

    private static S3Exception unsatisfiable(String header, long size) {
        return new S3Exception(S3ErrorCode.INVALID_RANGE)
                .with("RangeRequested", header)
                .with("ActualObjectSize", Long.toString(size))
                .header("Content-Range", "bytes */" + size);
    }
}
