package io.moorage.api.s3.bucket;

import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.Owners;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.lock.ObjectLockConfiguration;
import io.moorage.api.s3.tagging.Tags;
import io.moorage.api.s3.xml.BucketAnswers;
import io.moorage.api.s3.xml.BucketDocuments;
import io.moorage.api.s3.xml.CorsDocument;
import io.moorage.api.s3.xml.LifecycleDocument;
import io.moorage.api.s3.xml.ObjectAnswers;
import io.moorage.api.s3.xml.XmlDocument;
import io.moorage.protocol.v1.VersioningState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The subresources of buckets: what is set is kept with the bucket's record, in the form in which it is given back. Thread-safe. */
public final class BucketSettings {
    private static final int MAX_DOCUMENT = 256 * 1024;

    private final BucketRegistry registry;
    private final Encryption encryption;

    public BucketSettings(BucketRegistry registry, Encryption encryption) {
        this.registry = registry;
        this.encryption = encryption;
    }

    public void getVersioning(S3Exchange exchange, Bucket bucket) {
        Optional<Boolean> enabled = Optional.of(bucket.record().versioning())
                .filter(state -> !state.isEmpty())
                .map(BucketRecord.ENABLED::equals);
        exchange.answer(200, BucketAnswers.versioning(enabled));
    }

    public void putVersioning(S3Exchange exchange, Bucket bucket) throws IOException {
        boolean enabled = BucketDocuments.versioningEnabled(body(exchange));
        if (!enabled && bucket.record().objectLock()) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_BUCKET_STATE,
                    "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.");
        }
        // The store first: whoever reads the record finds what it says to be so.
        bucket.store()
                .versions()
                .setVersioning(
                        bucket.directory(),
                        enabled ? VersioningState.VERSIONING_STATE_ENABLED : VersioningState.VERSIONING_STATE_SUSPENDED,
                        exchange.call());
        registry.change(
                bucket.name(),
                record -> record.withVersioning(enabled ? BucketRecord.ENABLED : BucketRecord.SUSPENDED));
        exchange.answer(200);
    }

    public void getTagging(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.TAGGING, S3ErrorCode.NO_SUCH_TAG_SET);
    }

    public void putTagging(S3Exchange exchange, Bucket bucket) throws IOException {
        put(
                exchange,
                bucket,
                Settings.TAGGING,
                ObjectAnswers.tagging(BucketDocuments.tagging(body(exchange), Tags.MAX_OF_BUCKET)));
        exchange.answer(204);
    }

    public void getCors(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.CORS, S3ErrorCode.NO_SUCH_CORS_CONFIGURATION);
    }

    public void putCors(S3Exchange exchange, Bucket bucket) throws IOException {
        put(exchange, bucket, Settings.CORS, CorsDocument.of(CorsDocument.read(body(exchange))));
    }

    public void getLifecycle(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.LIFECYCLE, S3ErrorCode.NO_SUCH_LIFECYCLE_CONFIGURATION);
    }

    public void putLifecycle(S3Exchange exchange, Bucket bucket) throws IOException {
        put(exchange, bucket, Settings.LIFECYCLE, LifecycleDocument.of(LifecycleDocument.read(body(exchange))));
    }

    public void getPublicAccess(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.PUBLIC_ACCESS, S3ErrorCode.NO_SUCH_PUBLIC_ACCESS_BLOCK);
    }

    public void putPublicAccess(S3Exchange exchange, Bucket bucket) throws IOException {
        put(
                exchange,
                bucket,
                Settings.PUBLIC_ACCESS,
                BucketAnswers.publicAccessBlock(BucketDocuments.publicAccessBlock(body(exchange))));
    }

    public void getOwnership(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.OWNERSHIP, S3ErrorCode.OWNERSHIP_CONTROLS_NOT_FOUND);
    }

    /** Only what is so anyway: objects are the bucket owner's, and there are no ACLs. */
    public void putOwnership(S3Exchange exchange, Bucket bucket) throws IOException {
        String ownership = BucketDocuments.ownership(body(exchange));
        if (!ownership.equals("BucketOwnerEnforced")) {
            throw S3Exception.notImplemented("ObjectOwnership '" + ownership
                    + "' is not implemented, because there are no ACLs; use BucketOwnerEnforced.");
        }
        put(exchange, bucket, Settings.OWNERSHIP, BucketAnswers.ownership(ownership));
    }

    public void getObjectLock(S3Exchange exchange, Bucket bucket) {
        if (!bucket.record().objectLock()) {
            throw new S3Exception(S3ErrorCode.OBJECT_LOCK_CONFIGURATION_NOT_FOUND);
        }
        exchange.answer(
                200,
                BucketAnswers.objectLock(bucket.setting(Settings.OBJECT_LOCK, Settings::objectLock)
                        .orElse(new ObjectLockConfiguration(Optional.empty()))));
    }

    public void putObjectLock(S3Exchange exchange, Bucket bucket) throws IOException {
        ObjectLockConfiguration configuration = BucketDocuments.objectLock(body(exchange));
        if (!bucket.record().versioning().equals(BucketRecord.ENABLED)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_BUCKET_STATE,
                    "Versioning must be 'Enabled' on the bucket to apply Object Lock");
        }
        String document = text(BucketAnswers.objectLock(configuration));
        registry.change(bucket.name(), record -> record.withObjectLock().withSetting(Settings.OBJECT_LOCK, document));
        exchange.answer(200);
    }

    /** Where nothing was set nothing is encrypted, and nobody is told that it is. */
    public void getEncryption(S3Exchange exchange, Bucket bucket) {
        get(exchange, bucket, Settings.ENCRYPTION, S3ErrorCode.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND);
    }

    public void putEncryption(S3Exchange exchange, Bucket bucket) throws IOException {
        boolean bucketKey = BucketDocuments.encryption(body(exchange));
        encryption.requireClusterKey();
        put(exchange, bucket, Settings.ENCRYPTION, BucketAnswers.encryption(bucketKey));
    }

    public void getAcl(S3Exchange exchange, Bucket bucket) {
        exchange.answer(200, BucketAnswers.ownersAcl(Owners.of(bucket.record().owner())));
    }

    public void getRequestPayment(S3Exchange exchange, Bucket bucket) {
        exchange.answer(200, BucketAnswers.requestPayment());
    }

    public void getLogging(S3Exchange exchange, Bucket bucket) {
        exchange.answer(200, BucketAnswers.empty("BucketLoggingStatus"));
    }

    public void getNotification(S3Exchange exchange, Bucket bucket) {
        exchange.answer(200, BucketAnswers.empty("NotificationConfiguration"));
    }

    public void getAccelerate(S3Exchange exchange, Bucket bucket) {
        exchange.answer(200, BucketAnswers.empty("AccelerateConfiguration"));
    }

    public void getWebsite(S3Exchange exchange, Bucket bucket) {
        throw new S3Exception(S3ErrorCode.NO_SUCH_WEBSITE_CONFIGURATION).with("BucketName", bucket.name());
    }

    public void getReplication(S3Exchange exchange, Bucket bucket) {
        throw new S3Exception(S3ErrorCode.REPLICATION_CONFIGURATION_NOT_FOUND).with("BucketName", bucket.name());
    }

    /** Takes a setting away; one that was never made is no error. */
    public void remove(S3Exchange exchange, Bucket bucket, String setting) {
        registry.change(bucket.name(), record -> record.withSetting(setting, null));
        exchange.answer(204);
    }

    /** Keeps a setting. */
    void put(Bucket bucket, String setting, String document) {
        registry.change(bucket.name(), record -> record.withSetting(setting, document));
    }

    private void put(S3Exchange exchange, Bucket bucket, String setting, XmlDocument document) {
        put(bucket, setting, text(document));
        exchange.answer(200);
    }

    private static void get(S3Exchange exchange, Bucket bucket, String setting, S3ErrorCode missing) {
        String document =
                bucket.setting(setting).orElseThrow(() -> new S3Exception(missing).with("BucketName", bucket.name()));
        exchange.answer(200, document);
    }

    private static ByteArrayInputStream body(S3Exchange exchange) throws IOException {
        return new ByteArrayInputStream(exchange.document(MAX_DOCUMENT));
    }

    private static String text(XmlDocument document) {
        return new String(document.bytes(), StandardCharsets.UTF_8);
    }
}
