package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.Settings;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.lock.ObjectLockConfiguration;
import io.moorage.api.s3.lock.ObjectLockHeaders;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.lock.RetentionMode;
import io.moorage.protocol.v1.ObjectLock;
import java.time.Instant;
import java.util.Optional;

/** Retention and legal hold in the words of the store. */
public final class Locks {
    private Locks() {}

    static RetentionMode mode(io.moorage.protocol.v1.RetentionMode mode) {
        return mode == io.moorage.protocol.v1.RetentionMode.RETENTION_MODE_COMPLIANCE
                ? RetentionMode.COMPLIANCE
                : RetentionMode.GOVERNANCE;
    }

    static io.moorage.protocol.v1.RetentionMode mode(RetentionMode mode) {
        return mode == RetentionMode.COMPLIANCE
                ? io.moorage.protocol.v1.RetentionMode.RETENTION_MODE_COMPLIANCE
                : io.moorage.protocol.v1.RetentionMode.RETENTION_MODE_GOVERNANCE;
    }

    /**
     * The lock of a version that a request makes: what its headers ask for, else the bucket's default retention.
     *
     * @throws io.moorage.api.s3.errors.S3Exception InvalidRequest if the bucket has no object lock
     */
    public static ObjectLock ofNew(S3Exchange exchange, Bucket bucket) {
        Instant now = Instant.now();
        ObjectLockHeaders headers = ObjectLockHeaders.of(exchange.head().headers(), now);
        if (!bucket.record().objectLock()) {
            if (headers.present()) {
                throw ObjectLockHeaders.bucketHasNoLock();
            }
            return ObjectLock.getDefaultInstance();
        }
        Optional<Retention> retention = headers.retention()
                .or(() -> bucket.setting(Settings.OBJECT_LOCK, Settings::objectLock)
                        .flatMap(ObjectLockConfiguration::rule)
                        .map(rule -> rule.from(now)));
        ObjectLock.Builder lock =
                ObjectLock.newBuilder().setLegalHold(headers.legalHold().orElse(false));
        retention.ifPresent(
                it -> lock.setMode(mode(it.mode())).setRetainUntilMs(it.until().toEpochMilli()));
        return lock.build();
    }
}
