package io.moorage.api.files;

import io.javalin.http.Context;
import io.moorage.api.http.Problem;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.Precondition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditional requests (RFC 9110 §13). Those of writes are handed to the store, which decides them when it applies them. */
public final class Conditions {
    /** What a conditional read comes to. */
    enum Outcome {
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    private Conditions() {}

    /** If-Match and If-None-Match of a write. */
    public static Precondition ofWrite(Context context) {
        Precondition.Builder condition = Precondition.newBuilder();
        Optional<List<Long>> match = etags(context, "If-Match");
        match.ifPresent(versions -> {
            if (versions.isEmpty()) {
                condition.setMustExist(true);
            } else {
                condition.addAllVersionAnyOf(versions);
            }
        });
        etags(context, "If-None-Match").ifPresent(versions -> {
            if (versions.isEmpty()) {
                condition.setMustNotExist(true);
            } else {
                condition.addAllVersionNoneOf(versions);
            }
        });
        return condition.build();
    }

    /** In the order of RFC 9110 §13.2.2. */
    static Outcome ofRead(Context context, Entry entry) {
        Optional<List<Long>> match = etags(context, "If-Match");
        if (match.isPresent()) {
            if (!match.get().isEmpty() && !match.get().contains(entry.getVersion())) {
                return Outcome.FAILED;
            }
        } else {
            Optional<Instant> unmodified = date(context, "If-Unmodified-Since");
            if (unmodified.isPresent() && seconds(entry) > unmodified.get().getEpochSecond()) {
                return Outcome.FAILED;
            }
        }
        Optional<List<Long>> noneMatch = etags(context, "If-None-Match");
        if (noneMatch.isPresent()) {
            return noneMatch.get().isEmpty() || noneMatch.get().contains(entry.getVersion())
                    ? Outcome.NOT_MODIFIED
                    : Outcome.PROCEED;
        }
        Optional<Instant> modified = date(context, "If-Modified-Since");
        return modified.isPresent() && seconds(entry) <= modified.get().getEpochSecond()
                ? Outcome.NOT_MODIFIED
                : Outcome.PROCEED;
    }

    /** Whether a Range may be honoured (If-Range, RFC 9110 §13.1.5). */
    static boolean rangeHolds(Context context, Entry entry) {
        String ifRange = context.header("If-Range");
        if (ifRange == null) {
            return true;
        }
        if (ifRange.startsWith("\"") || ifRange.startsWith("W/")) {
            return ifRange.equals(EntryJson.etag(entry));
        }
        return parse(ifRange)
                .map(date -> seconds(entry) == date.getEpochSecond())
                .orElse(false);
    }

    /** Empty: no such header. An empty list: "*". */
    private static Optional<List<Long>> etags(Context context, String header) {
        String value = context.header(header);
        if (value == null) {
            return Optional.empty();
        }
        List<Long> versions = new ArrayList<>();
        if (value.trim().equals("*")) {
            return Optional.of(versions);
        }
        for (String part : value.split(",")) {
            String etag = part.trim();
            String opaque = etag.startsWith("W/") ? etag.substring(2) : etag;
            if (opaque.length() < 2 || !opaque.startsWith("\"") || !opaque.endsWith("\"")) {
                throw Problem.invalid(header + " '" + value + "' must be *, or quoted entity tags with commas between");
            }
            String text = opaque.substring(1, opaque.length() - 1);
            // One that we never gave out matches nothing; -1 is nobody's version.
            versions.add(!etag.startsWith("W/") && text.matches("\\d{1,18}") ? Long.parseLong(text) : -1L);
        }
        return Optional.of(versions);
    }

    /** A date that cannot be read is as good as none (RFC 9110 §13.1.3). */
    private static Optional<Instant> date(Context context, String header) {
        return Optional.ofNullable(context.header(header)).flatMap(Conditions::parse);
    }

    private static Optional<Instant> parse(String date) {
        try {
            return Optional.of(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static long seconds(Entry entry) {
        return entry.getModifiedAtMs() / 1000;
    }
}
