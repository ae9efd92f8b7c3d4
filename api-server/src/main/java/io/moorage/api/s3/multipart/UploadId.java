package io.moorage.api.s3.multipart;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Ids of uploads: the time when they began, so that they are in that order, and 80 random bits. */
record UploadId(String text) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
    private static final int TIME_DIGITS = 12;
    private static final SecureRandom RANDOM = new SecureRandom();

    static UploadId random(Instant now) {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        return new UploadId(String.format(Locale.ROOT, "%012x", now.toEpochMilli())
                + HexFormat.of().formatHex(random));
    }

    /** Empty: it cannot be one. */
    static Optional<UploadId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new UploadId(text)) : Optional.empty();
    }

    Instant initiated() {
        return Instant.ofEpochMilli(Long.parseLong(text.substring(0, TIME_DIGITS), 16));
    }
}
