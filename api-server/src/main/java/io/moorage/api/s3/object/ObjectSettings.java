package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Owners;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.lock.ObjectLockHeaders;
import io.moorage.api.s3.lock.Retention;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.api.s3.xml.AccessControlDocument;
import io.moorage.api.s3.xml.BucketAnswers;
import io.moorage.api.s3.xml.BucketDocuments;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.api.s3.xml.ObjectDocuments;
import io.moorage.client.VersionedStore;
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.RetentionMode;
import io.moorage.protocol.v1.VersionSelector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tags, retention, legal hold and ACL of objects. Thread-safe. */
public final class ObjectSettings {
    private static final int MAX_DOCUMENT = 64 * 1024;

    public void getTagging(S3Exchange exchange, Bucket bucket) {
        StoredObject object = require(exchange, bucket);
        ObjectAnswer.version(exchange, bucket, object.entry());
        Tags tags = Attributes.get(object.entry(), Attributes.TAGS)
                .map(Tags::parseHeader)
                .orElse(Tags.NONE);
        exchange.answer(200, ObjectAnswers.tagging(tags));
    }

    public void putTagging(S3Exchange exchange, Bucket bucket) throws IOException {
        Tags tags = BucketDocuments.tagging(document(exchange), Tags.MAX_OF_OBJECT);
        setTags(exchange, bucket, tags);
        exchange.answer(200);
    }

    public void deleteTagging(S3Exchange exchange, Bucket bucket) {
        setTags(exchange, bucket, Tags.NONE);
        exchange.answer(204);
    }

    private static void setTags(S3Exchange exchange, Bucket bucket, Tags tags) {
        StoredObject object = require(exchange, bucket);
        EntryChange change = bucket.store()
                .versions()
                .setAttributes(
                        bucket.entryKey(exchange.key()),
                        VersionedStore.version(object.entry().getVersion()),
                        tags.size() == 0
                                ? List.of()
                                : List.of(Attributes.item(Attributes.TAGS, NewObject.encode(tags))),
                        List.of(Attributes.TAGS),
                        Precondition.getDefaultInstance(),
                        exchange.call());
        ObjectAnswer.version(exchange, bucket, change.getEntry());
    }

    public void getRetention(S3Exchange exchange, Bucket bucket) {
        requireLock(bucket);
        ObjectLock lock = require(exchange, bucket).entry().getLock();
        if (lock.getMode() == RetentionMode.RETENTION_MODE_UNSPECIFIED) {
            throw new S3Exception(S3ErrorCode.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
        }
        exchange.answer(
                200,
                ObjectAnswers.retention(
                        new Retention(Locks.mode(lock.getMode()), Instant.ofEpochMilli(lock.getRetainUntilMs()))));
    }

    public void putRetention(S3Exchange exchange, Bucket bucket) throws IOException {
        requireLock(bucket);
        Optional<Retention> retention = ObjectDocuments.retention(document(exchange));
        boolean bypass = ObjectDeletes.bypassesGovernance(exchange);
        StoredObject object = require(exchange, bucket);
        ObjectLock lock = object.entry().getLock();
        Retention.checkChange(
                lock.getMode() == RetentionMode.RETENTION_MODE_UNSPECIFIED
                        ? Optional.empty()
                        : Optional.of(new Retention(
                                Locks.mode(lock.getMode()), Instant.ofEpochMilli(lock.getRetainUntilMs()))),
                retention,
                Instant.now(),
                bypass);
        io.moorage.protocol.v1.Retention.Builder wanted = io.moorage.protocol.v1.Retention.newBuilder();
        retention.ifPresent(it -> wanted.setMode(Locks.mode(it.mode()))
                .setRetainUntilMs(it.until().toEpochMilli()));
        bucket.store()
                .versions()
                .setRetention(
                        bucket.entryKey(exchange.key()),
                        VersionedStore.version(object.entry().getVersion()),
                        wanted.build(),
                        bypass,
                        exchange.call());
        exchange.answer(200);
    }

    public void getLegalHold(S3Exchange exchange, Bucket bucket) {
        requireLock(bucket);
        StoredObject object = require(exchange, bucket);
        if (!object.entry().hasLock()) {
            throw new S3Exception(S3ErrorCode.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
        }
        exchange.answer(200, ObjectAnswers.legalHold(object.entry().getLock().getLegalHold()));
    }

    public void putLegalHold(S3Exchange exchange, Bucket bucket) throws IOException {
        requireLock(bucket);
        boolean hold = ObjectDocuments.legalHold(document(exchange));
        VersionSelector version =
                VersionedStore.version(require(exchange, bucket).entry().getVersion());
        bucket.store().versions().setLegalHold(bucket.entryKey(exchange.key()), version, hold, exchange.call());
        exchange.answer(200);
    }

    public void getAcl(S3Exchange exchange, Bucket bucket) {
        require(exchange, bucket);
        exchange.answer(200, BucketAnswers.ownersAcl(Owners.of(bucket.record().owner())));
    }

    public void putAcl(S3Exchange exchange, Bucket bucket) throws IOException {
        require(exchange, bucket);
        checkAcl(exchange, bucket);
        exchange.answer(200);
    }

    /** @throws S3Exception AccessControlListNotSupported unless it says that the owner has full control */
    public static void checkAcl(S3Exchange exchange, Bucket bucket) throws IOException {
        boolean inHeaders = exchange.header("x-amz-acl").isPresent();
        if (exchange.head().headers().names().stream()
                .anyMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("x-amz-grant-"))) {
            throw new S3Exception(S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
        if (inHeaders) {
            CannedAcl.check(exchange.head().headers());
            return;
        }
        if (!AccessControlDocument.read(document(exchange))
                .isOwnersAlone(Owners.id(bucket.record().owner()))) {
            throw new S3Exception(S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED);
        }
    }

    private static ByteArrayInputStream document(S3Exchange exchange) throws IOException {
        return new ByteArrayInputStream(exchange.document(MAX_DOCUMENT));
    }

    private static StoredObject require(S3Exchange exchange, Bucket bucket) {
        return ObjectLookup.require(bucket, exchange.key(), exchange.query("versionId"), exchange.call());
    }

    private static void requireLock(Bucket bucket) {
        if (!bucket.record().objectLock()) {
            throw ObjectLockHeaders.bucketHasNoLock();
        }
    }
}
