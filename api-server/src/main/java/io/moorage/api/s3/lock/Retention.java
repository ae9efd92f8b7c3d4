package io.moorage.api.s3.lock;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.Instant;
import java.util.Optional;

/** Until when a version cannot be removed (Amazon S3 user guide, "Locking objects with Object Lock"). */
public record Retention(RetentionMode mode, Instant until) {
    /** Whether it still binds. */
    public boolean binds(Instant now) {
        return until.isAfter(now);
    }

    /**
     * Whether a version's retention may become another.
     *
     * @param now of the server
     * @param before what the version has
     * @param after what it is to have; empty: none
     * @param bypass the caller has s3:BypassGovernanceRetention and asks for it
     * @throws S3Exception AccessDenied, or InvalidArgument for a date that has passed
     */
    public static void checkChange(Optional<Retention> before, Optional<Retention> after, Instant now, boolean bypass) {
        after.ifPresent(retention -> checkFuture(retention.until(), now));
        if (before.isEmpty() || !before.get().binds(now)) {
            return;
        }
        boolean notShorter =
                after.isPresent() && !after.get().until().isBefore(before.get().until());
        boolean sameMode =
                after.isPresent() && after.get().mode() == before.get().mode();
        boolean stricter = after.isPresent() && after.get().mode() == RetentionMode.COMPLIANCE;
        boolean allowed = before.get().mode() == RetentionMode.COMPLIANCE
                ? notShorter && sameMode
                : bypass || notShorter && (sameMode || stricter);
        if (!allowed) {
            throw new S3Exception(S3ErrorCode.ACCESS_DENIED, "Access Denied because object protected by object lock.");
        }
    }

    /** @throws S3Exception InvalidArgument */
    static void checkFuture(Instant until, Instant now) {
        if (!until.isAfter(now)) {
            throw S3Exception.invalidArgument(
                    "The retain until date must be in the future!", "RetainUntilDate", until.toString());
        }
    }
}
