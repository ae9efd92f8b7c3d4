package io.moorage.api.s3.lock;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Object lock of a bucket, which once enabled stays so.
 *
 * @param rule the retention that new versions get when their request has none
 */
public record ObjectLockConfiguration(Optional<DefaultRetention> rule) {
    /** Days of the longest retention: a hundred years. */
    private static final int MAX_DAYS = 36_500;

    private static final int MAX_YEARS = 100;
    private static final int DAYS_OF_YEAR = 365;

    /** Either days or years. */
    public record DefaultRetention(RetentionMode mode, Optional<Integer> days, Optional<Integer> years) {
        /** @throws S3Exception MalformedXML, InvalidArgument, InvalidRetentionPeriod */
        public DefaultRetention {
            if (days.isPresent() == years.isPresent()) {
                throw new S3Exception(
                        S3ErrorCode.MALFORMED_XML, "DefaultRetention must have either Days or Years, and not both.");
            }
            int value = days.or(() -> years).orElseThrow();
            if (value <= 0) {
                throw S3Exception.invalidArgument(
                        "Default retention period must be a positive integer value.",
                        days.isPresent() ? "Days" : "Years",
                        Integer.toString(value));
            }
            if (value > (days.isPresent() ? MAX_DAYS : MAX_YEARS)) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_RETENTION_PERIOD,
                        "Default retention period too large: at most " + MAX_DAYS + " days or " + MAX_YEARS
                                + " years.");
            }
        }

        /** Of a version that is created now. */
        public Retention from(Instant now) {
            int length = days.orElseGet(() -> years.orElseThrow() * DAYS_OF_YEAR);
            return new Retention(mode, now.plus(Duration.ofDays(length)));
        }
    }
}
