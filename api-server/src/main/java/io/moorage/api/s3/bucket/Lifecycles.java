package io.moorage.api.s3.bucket;

import io.moorage.api.s3.lifecycle.LifecycleEvaluation;
import java.time.Duration;
import java.util.Optional;

/** Lifecycle rules of buckets, with the length of a day that this server was told. Thread-safe. */
public final class Lifecycles {
    private final Duration day;

    public Lifecycles(Duration day) {
        this.day = day;
    }

    public Duration day() {
        return day;
    }

    /** Empty: the bucket has no rules. */
    public Optional<LifecycleEvaluation> of(Bucket bucket) {
        return bucket.setting(Settings.LIFECYCLE, Settings::lifecycle)
                .map(configuration -> new LifecycleEvaluation(configuration, day));
    }
}
