package io.moorage.api.s3.lifecycle;

import io.moorage.api.s3.request.HttpDates;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a configuration says at a moment. Moments are rounded up to the next beginning of a day, as AWS does (midnight UTC); a day
 * can be made shorter, to watch rules at work. Pure; thread-safe.
 */
public final class LifecycleEvaluation {
    private final LifecycleConfiguration configuration;
    private final Duration day;

    /** When a rule takes an object away. */
    public record Expiry(Instant at, String ruleId) {
        /** The value of x-amz-expiration. */
        public String header() {
            return "expiry-date=\"" + HttpDates.header(at) + "\", rule-id=\"" + ruleId + "\"";
        }
    }

    /** @param day how long a day lasts: positive */
    public LifecycleEvaluation(LifecycleConfiguration configuration, Duration day) {
        if (day.isZero() || day.isNegative()) {
            throw new IllegalArgumentException("the length of a day must be positive, not " + day);
        }
        this.configuration = configuration;
        this.day = day;
    }

    /** When the current version of an object expires, by the rule that comes first in time. Empty: never. */
    public Optional<Expiry> expiry(LifecycleObject current) {
        return configuration.rules().stream()
                .filter(rule -> rule.enabled() && rule.filter().matches(current))
                .flatMap(rule -> rule
                        .expirationDays()
                        .map(days -> after(current.since(), days))
                        .or(rule::expirationDate)
                        .map(at -> new Expiry(at, rule.id()))
                        .stream())
                .min(Comparator.comparing(Expiry::at));
    }

    /** Whether the current version of an object, which is no delete marker, has expired. */
    public boolean expires(LifecycleObject current, Instant now) {
        return expiry(current).map(expiry -> !now.isBefore(expiry.at())).orElse(false);
    }

    /**
     * Whether a delete marker that is the only version left of its key goes. Rules that expire current versions by age take such
     * markers as well.
     *
     * @param marker its size is 0, it has no tags
     */
    public boolean removesLoneMarker(LifecycleObject marker, Instant now) {
        return configuration.rules().stream()
                .filter(rule -> rule.enabled() && rule.filter().matchesKey(marker.key()))
                .filter(rule -> rule.filter().tags().isEmpty())
                .anyMatch(rule -> rule.expiredObjectDeleteMarker()
                        || rule.expirationDays()
                                .map(days -> !now.isBefore(after(marker.since(), days)))
                                .orElse(false));
    }

    /**
     * Whether a noncurrent version goes.
     *
     * @param version since: when it became noncurrent
     * @param newerNoncurrent how many noncurrent versions of the key are newer than it
     */
    public boolean expiresNoncurrent(LifecycleObject version, int newerNoncurrent, Instant now) {
        return configuration.rules().stream()
                .filter(rule -> rule.enabled() && rule.filter().matches(version))
                .anyMatch(rule -> rule.noncurrentDays()
                        .map(days -> !now.isBefore(after(version.since(), days))
                                && newerNoncurrent
                                        >= rule.newerNoncurrentVersions().orElse(0))
                        .orElse(false));
    }

    /** When an unfinished upload is aborted. Empty: never. */
    public Optional<Expiry> abort(String key, Instant initiated) {
        return configuration.rules().stream()
                .filter(rule -> rule.enabled() && rule.filter().matchesKey(key))
                .flatMap(rule -> rule.abortDays().map(days -> new Expiry(after(initiated, days), rule.id())).stream())
                .min(Comparator.comparing(Expiry::at));
    }

    private Instant after(Instant since, int days) {
        long length = day.toMillis();
        long at = since.toEpochMilli() + Math.multiplyExact(length, (long) days);
        return Instant.ofEpochMilli(Math.multiplyExact(Math.floorDiv(at + length - 1, length), length));
    }
}
