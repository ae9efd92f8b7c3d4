package io.moorage.api.s3.endpoint;

import io.moorage.api.s3.access.Authorization;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.BucketOperations;
import io.moorage.api.s3.bucket.BucketRegistry;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.form.FormUploads;
import io.moorage.api.s3.multipart.UploadParts;
import io.moorage.api.s3.object.MultiDelete;
import io.moorage.api.s3.object.ObjectCopies;
import io.moorage.api.s3.object.ObjectRenames;
import io.moorage.api.s3.request.CopySource;
import io.moorage.api.s3.request.Operation;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Sends a request to who carries its operation out, once it is known that the caller may ask for it. Thread-safe. */
public final class Dispatcher {
    private final BucketRegistry registry;
    private final Authorization authorization;
    private final Preflights cors;
    private final BucketOperations buckets;
    private final Map<Operation, BucketHandler> handlers;
    private final ObjectCopies copies;
    private final UploadParts parts;
    private final ObjectRenames renames = new ObjectRenames();
    private final MultiDelete multiDelete;
    private final FormUploads forms;

    /** Carries out operations on a bucket and what is in it. */
    public interface BucketHandler {
        void handle(S3Exchange exchange, Bucket bucket) throws IOException;
    }

    /** @param handlers all operations but those on the service, those with two buckets, and those that are made of several */
    public Dispatcher(
            BucketRegistry registry,
            Authorization authorization,
            BucketOperations buckets,
            MultiDelete multiDelete,
            FormUploads forms,
            Encryption encryption,
            Map<Operation, BucketHandler> handlers) {
        this.registry = registry;
        this.authorization = authorization;
        this.cors = new Preflights(registry);
        this.buckets = buckets;
        this.copies = new ObjectCopies(encryption);
        this.parts = new UploadParts(encryption);
        this.multiDelete = multiDelete;
        this.forms = forms;
        this.handlers = Map.copyOf(handlers);
    }

    void dispatch(S3Exchange exchange) throws IOException {
        cors.answerHeaders(exchange);
        switch (exchange.operation()) {
            case OPTIONS_BUCKET, OPTIONS_OBJECT -> cors.preflight(exchange);
            case LIST_BUCKETS -> {
                authorization.requireUser(exchange);
                buckets.list(exchange, bucket -> authorization.sees(exchange, bucket));
            }
            case CREATE_BUCKET -> {
                authorization.requireUser(exchange);
                buckets.create(
                        exchange,
                        volume -> authorization.checkVolume(
                                exchange, volume, exchange.target().bucket()));
            }
            default -> inBucket(exchange);
        }
    }

    private void inBucket(S3Exchange exchange) throws IOException {
        Bucket bucket = registry.require(exchange.target().bucket());
        switch (exchange.operation()) {
            case DELETE_OBJECTS ->
                multiDelete.delete(
                        exchange,
                        bucket,
                        (key, ofVersion) ->
                                authorization.check(exchange, bucket, key, Operation.DELETE_OBJECT, ofVersion));
            case POST_OBJECT -> forms.post(exchange, bucket);
            case COPY_OBJECT -> {
                authorization.check(exchange, bucket);
                CopySource source = source(exchange);
                copies.copy(exchange, bucket, source, readable(exchange, source));
            }
            case UPLOAD_PART_COPY -> {
                authorization.check(exchange, bucket);
                CopySource source = source(exchange);
                parts.copy(exchange, bucket, source, readable(exchange, source));
            }
            case RENAME_OBJECT -> {
                authorization.check(exchange, bucket);
                String source = ObjectRenames.source(exchange, bucket);
                authorization.check(exchange, bucket, source, Operation.GET_OBJECT, false);
                authorization.check(exchange, bucket, source, Operation.DELETE_OBJECT, false);
                renames.rename(exchange, bucket, source);
            }
            default -> {
                BucketHandler handler = Optional.ofNullable(handlers.get(exchange.operation()))
                        .orElseThrow(() ->
                                S3Exception.notImplemented(exchange.operation().title() + " is not implemented."));
                authorization.check(exchange, bucket);
                handler.handle(exchange, bucket);
            }
        }
    }

    private static CopySource source(S3Exchange exchange) {
        return CopySource.parse(exchange.header("x-amz-copy-source").orElseThrow());
    }

    /** The bucket of a source that the caller may read. */
    private Bucket readable(S3Exchange exchange, CopySource source) {
        Bucket bucket = registry.require(source.bucket());
        authorization.check(
                exchange,
                bucket,
                source.key(),
                Operation.GET_OBJECT,
                source.version().isPresent());
        return bucket;
    }
}
