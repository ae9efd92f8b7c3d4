package io.moorage.api.s3.object;

import io.moorage.api.s3.body.BodyDigests;
import io.moorage.api.s3.body.UploadBody;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.Seal;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.client.DirectoryOptions;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Precondition;
import java.io.IOException;
import java.util.Optional;

/** PutObject, appending included. Bodies stream through; memory is bounded. Thread-safe. */
public final class ObjectWrites {
    /** Of one PutObject or part (Amazon S3 user guide, "Multipart upload limits"). */
    public static final long MAX_PUT_BYTES = 5L << 30;

    private final Encryption encryption;

    public ObjectWrites(Encryption encryption) {
        this.encryption = encryption;
    }

    public void put(S3Exchange exchange, Bucket bucket) throws IOException {
        NewObject object = NewObject.of(exchange.head().headers());
        Optional<Seal> seal = encryption.ofNew(exchange.head().headers(), bucket.encryptedByDefault());
        UploadBody body = exchange.upload(Optional.empty());
        checkLength(body);
        WriteConditions conditions = WriteConditions.of(exchange.head().headers());
        Optional<String> offset = exchange.header("x-amz-write-offset-bytes");
        if (offset.isPresent()) {
            if (seal.isPresent()) {
                throw S3Exception.notImplemented("Appending to an encrypted object is not implemented.");
            }
            append(exchange, bucket, object, body, conditions, offset.get());
            return;
        }
        Precondition precondition = ObjectLookup.precondition(bucket, exchange.key(), conditions, exchange.call());
        Entry entry;
        try {
            entry = exchange.key().endsWith("/")
                    ? putDirectory(exchange, bucket, object, body, precondition)
                    : putFile(exchange, bucket, object, new Content(body, seal), precondition);
        } catch (MoorageException e) {
            throw conflict(e, conditions);
        }
        if (!exchange.key().endsWith("/")) {
            seal.ifPresent(it -> it.headers().forEach(exchange::answer));
        }
        answer(exchange, bucket, entry, body.digests());
    }

    private static Entry putFile(
            S3Exchange exchange, Bucket bucket, NewObject object, Content content, Precondition precondition)
            throws IOException {
        PutOptions options = new PutOptions(
                bucket.entryKey(exchange.key()),
                object.contentType(),
                object.metadata(),
                precondition,
                content::digests,
                () -> content.attributes(object.attributes(content.facts())),
                Locks.ofNew(exchange, bucket));
        return bucket.store()
                .put(options, content.in(), content.length(), exchange.call())
                .getEntry();
    }

    /** Clients make a directory by an empty object whose key ends with a slash. */
    private static Entry putDirectory(
            S3Exchange exchange, Bucket bucket, NewObject object, UploadBody body, Precondition precondition)
            throws IOException {
        if (body.length() != 0) {
            throw S3Exception.notImplemented("A key that ends with '/' is a directory, which has no content: send no"
                    + " body with it, or leave the last '/' out.");
        }
        body.read();
        return bucket.store()
                .versions()
                .putDirectory(
                        new DirectoryOptions(
                                bucket.entryKey(exchange.key()),
                                object.contentType(),
                                object.metadata(),
                                object.attributes(NewObject.facts(body.digests())),
                                precondition),
                        exchange.call())
                .getEntry();
    }

    /** Appending at an offset, as directory buckets have it. The object's MD5 is not known any more then. */
    private static void append(
            S3Exchange exchange,
            Bucket bucket,
            NewObject object,
            UploadBody body,
            WriteConditions conditions,
            String offset)
            throws IOException {
        if (!offset.matches("\\d{1,18}")) {
            throw S3Exception.invalidArgument(
                    "x-amz-write-offset-bytes must be a number of bytes", "x-amz-write-offset-bytes", offset);
        }
        refuseSealed(exchange, bucket);
        Precondition precondition =
                ObjectLookup.precondition(bucket, exchange.key(), conditions, exchange.call()).toBuilder()
                        .setSize(Long.parseLong(offset))
                        .build();
        Entry entry;
        try {
            entry = bucket.store()
                    .append(
                            bucket.entryKey(exchange.key()),
                            object.contentType(),
                            precondition,
                            // Its last bytes come only when all of it was verified.
                            body,
                            body.length(),
                            exchange.call())
                    .getEntry();
        } catch (MoorageException e) {
            if (e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED) {
                throw new S3Exception(S3ErrorCode.INVALID_WRITE_OFFSET).with("WriteOffset", offset);
            }
            throw e;
        }
        exchange.answer("ETag", new StoredObject(entry).quotedEtag());
        exchange.answer("x-amz-object-size", Long.toString(entry.getSize()));
        ObjectAnswer.version(exchange, bucket, entry);
        exchange.answer(200);
    }

    private static void refuseSealed(S3Exchange exchange, Bucket bucket) {
        boolean sealed = bucket.store()
                .stat(bucket.entryKey(exchange.key()), exchange.call())
                .flatMap(SealedContent::of)
                .isPresent();
        if (sealed) {
            throw S3Exception.notImplemented("Appending to an encrypted object is not implemented.");
        }
    }

    private static void answer(S3Exchange exchange, Bucket bucket, Entry entry, BodyDigests digests) {
        exchange.answer("ETag", new StoredObject(entry).quotedEtag());
        NewObject.facts(digests).checksum().ifPresent(checksum -> ObjectAnswer.checksum(exchange, checksum));
        ObjectAnswer.version(exchange, bucket, entry);
        exchange.answer(200);
    }

    /** @throws S3Exception MissingContentLength, EntityTooLarge */
    public static void checkLength(UploadBody body) {
        if (body.length() < 0) {
            throw new S3Exception(S3ErrorCode.MISSING_CONTENT_LENGTH);
        }
        if (body.length() > MAX_PUT_BYTES) {
            throw new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE)
                    .with("ProposedSize", Long.toString(body.length()))
                    .with("MaxSizeAllowed", Long.toString(MAX_PUT_BYTES));
        }
    }

    /** The tag held when it was looked at, and the object has changed since: AWS says so in another way than that it did not hold. */
    public static RuntimeException conflict(MoorageException e, WriteConditions conditions) {
        boolean raced = e.code() == ErrorCode.ERROR_CODE_PRECONDITION_FAILED
                && conditions.ifMatch().filter(tag -> !tag.equals("*")).isPresent();
        return raced ? new S3Exception(S3ErrorCode.CONDITIONAL_REQUEST_CONFLICT) : e;
    }
}
