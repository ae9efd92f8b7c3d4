package io.moorage.api.s3.lifecycle;

import java.time.Instant;
import java.util.Optional;

/**
 * One rule (Amazon S3 API reference, LifecycleRule), without transitions.
 *
 * @param expirationDays after which a current version goes
 * @param expirationDate after which all current versions go: midnight UTC
 * @param expiredObjectDeleteMarker whether markers go that have nothing under them
 * @param noncurrentDays after which noncurrent versions go
 * @param newerNoncurrentVersions how many of the newest noncurrent ones stay all the same
 * @param abortDays after which an unfinished upload goes
 */
public record LifecycleRule(
        String id,
        boolean enabled,
        LifecycleFilter filter,
        Optional<Integer> expirationDays,
        Optional<Instant> expirationDate,
        boolean expiredObjectDeleteMarker,
        Optional<Integer> noncurrentDays,
        Optional<Integer> newerNoncurrentVersions,
        Optional<Integer> abortDays) {

    boolean hasAction() {
        return expirationDays.isPresent()
                || expirationDate.isPresent()
                || expiredObjectDeleteMarker
                || noncurrentDays.isPresent()
                || abortDays.isPresent();
    }
}
