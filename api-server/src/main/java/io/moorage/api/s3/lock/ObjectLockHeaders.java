package io.moorage.api.s3.lock;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.HttpDates;
import java.time.Instant;
import java.util.Optional;

/** What the x-amz-object-lock-* headers of a write ask for. */
public record ObjectLockHeaders(Optional<Retention> retention, Optional<Boolean> legalHold) {
    private static final String MODE = "x-amz-object-lock-mode";
    private static final String UNTIL = "x-amz-object-lock-retain-until-date";
    private static final String HOLD = "x-amz-object-lock-legal-hold";

    /** Whether any is there: then the bucket must have object lock. */
    public boolean present() {
        return retention.isPresent() || legalHold.isPresent();
    }

    /** @throws S3Exception InvalidArgument */
    public static ObjectLockHeaders of(Headers headers, Instant now) {
        Optional<String> mode = headers.first(MODE);
        Optional<String> until = headers.first(UNTIL);
        if (mode.isPresent() != until.isPresent()) {
            throw S3Exception.invalidArgument(
                    MODE + " and " + UNTIL + " must both be supplied", mode.isPresent() ? UNTIL : MODE, "");
        }
        Optional<Retention> retention = mode.map(value -> {
            Instant date = HttpDates.parse(until.get())
                    .orElseThrow(() -> S3Exception.invalidArgument(
                            "The retain until date must be provided in ISO 8601 format", UNTIL, until.get()));
            Retention.checkFuture(date, now);
            return new Retention(mode(value), date);
        });
        return new ObjectLockHeaders(retention, headers.first(HOLD).map(ObjectLockHeaders::hold));
    }

    /** @throws S3Exception InvalidArgument */
    public static RetentionMode mode(String value) {
        for (RetentionMode mode : RetentionMode.values()) {
            if (mode.name().equals(value)) {
                return mode;
            }
        }
        throw S3Exception.invalidArgument(
                "Unknown wormMode directive: '" + value + "' must be GOVERNANCE or COMPLIANCE.", MODE, value);
    }

    private static boolean hold(String value) {
        if (!value.equals("ON") && !value.equals("OFF")) {
            throw S3Exception.invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", HOLD, value);
        }
        return value.equals("ON");
    }

    /** For requests with such headers to a bucket that has no object lock. */
    public static S3Exception bucketHasNoLock() {
        return new S3Exception(S3ErrorCode.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
    }
}
