package io.moorage.api.files;

import io.moorage.api.http.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One range of bytes (RFC 9110 §14). */
record ByteRange(long offset, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*");

    /**
     * Empty: the whole is to be sent (no Range, one of another form or unit, or several ranges, which may be ignored).
     *
     * @throws Problem 416 if no byte is within the range
     */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = header == null ? null : ONE.matcher(header);
        if (matcher == null
                || !matcher.matches()
                || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            return Optional.empty();
        }
        try {
            if (matcher.group(1).isEmpty()) {
                long suffix = Math.min(size, Long.parseLong(matcher.group(2)));
                if (suffix == 0) {
                    throw unsatisfiable(header, size);
                }
                return Optional.of(new ByteRange(size - suffix, suffix));
            }
            long first = Long.parseLong(matcher.group(1));
            long last = matcher.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(matcher.group(2));
            if (last < first) {
                return Optional.empty();
            }
            if (first >= size) {
                throw unsatisfiable(header, size);
            }
            return Optional.of(new ByteRange(first, Math.min(last, size - 1) - first + 1));
        } catch (NumberFormatException e) {
            throw unsatisfiable(header, size);
        }
    }

    String contentRange(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }

    private static Problem unsatisfiable(String header, long size) {
        return new Problem(
                        416,
                        "range-not-satisfiable",
                        "Range '" + header + "' has no byte of the " + size + " there are")
                .header("Content-Range", "bytes */" + size);
    }
}
