package io.moorage.api.s3.request;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Dates in headers (RFC 9110 §5.6.7) and in S3's documents (ISO 8601 with milliseconds, UTC). */
public final class HttpDates {
    private static final DateTimeFormatter IMF = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDates() {}

    /** Empty: not a date. S3 takes ISO 8601 where HTTP has its own form. */
    public static Optional<Instant> parse(String value) {
        for (DateTimeFormatter form :
                new DateTimeFormatter[] {DateTimeFormatter.RFC_1123_DATE_TIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME
                }) {
            try {
                return Optional.of(ZonedDateTime.parse(value.trim(), form).toInstant());
            } catch (DateTimeException e) {
                // The next form.
            }
        }
        return Optional.empty();
    }

    /** For headers: Sun, 06 Nov 1994 08:49:37 GMT. */
    public static String header(Instant instant) {
        return IMF.format(instant);
    }

    /** For documents: 2009-10-12T17:50:30.000Z. */
    public static String document(Instant instant) {
        return ISO.format(instant);
    }
}
