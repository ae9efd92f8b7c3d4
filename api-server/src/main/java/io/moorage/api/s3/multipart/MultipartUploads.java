package io.moorage.api.s3.multipart;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.encryption.Encryption;
import io.moorage.api.s3.encryption.Seal;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.Attributes;
import io.moorage.api.s3.object.ContentFacts;
import io.moorage.api.s3.object.Locks;
import io.moorage.api.s3.object.NewObject;
import io.moorage.api.s3.xml.MultipartAnswers;
import io.moorage.client.CallOptions;
import io.moorage.client.PutOptions;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.TreeChange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CreateMultipartUpload and AbortMultipartUpload. Thread-safe. */
public final class MultipartUploads {
    private static final int DELETE_PAGE = 1000;

    private final Encryption encryption;

    public MultipartUploads(Encryption encryption) {
        this.encryption = encryption;
    }

    public void create(S3Exchange exchange, Bucket bucket) throws IOException {
        if (exchange.key().contains(Upload.SEPARATOR) || exchange.key().endsWith("/")) {
            throw S3Exception.notImplemented(
                    "A key that holds U+0001, or ends with '/', cannot be uploaded in parts; upload it at once, or under another key.");
        }
        NewObject object = NewObject.of(exchange.head().headers());
        List<MetadataItem> attributes =
                new ArrayList<>(object.attributes(new ContentFacts(0, Optional.empty(), Optional.empty(), List.of())));
        attributes.add(Attributes.item(Upload.OWNER, exchange.user()));
        Optional<Seal> seal = encryption.ofNew(exchange.head().headers(), bucket.encryptedByDefault());
        seal.ifPresent(it -> attributes.add(it.attribute(List.of())));
        Optional<Upload.Checksum> checksum = checksum(exchange);
        checksum.ifPresent(it -> attributes.add(Attributes.item(Upload.CHECKSUM, it.encode())));
        ObjectLock lock = Locks.ofNew(exchange, bucket);
        if (!lock.equals(ObjectLock.getDefaultInstance())) {
            attributes.add(Attributes.item(Upload.LOCK, Upload.encode(lock)));
        }
        UploadId id = UploadId.random(Instant.now());
        bucket.store()
                .hidden()
                .put(
                        new PutOptions(
                                Upload.directory(bucket.name(), exchange.key(), id) + Upload.RECORD,
                                object.contentType(),
                                object.metadata(),
                                Precondition.getDefaultInstance(),
                                List::of,
                                () -> attributes,
                                ObjectLock.getDefaultInstance()),
                        InputStream.nullInputStream(),
                        0,
                        exchange.call());
        seal.ifPresent(it -> it.headers().forEach(exchange::answer));
        checksum.ifPresent(
                it -> exchange.answer("x-amz-checksum-algorithm", it.algorithm().name())
                        .answer("x-amz-checksum-type", it.type().name()));
        exchange.answer(200, MultipartAnswers.initiated(bucket.name(), exchange.key(), id.text()));
    }

    private static Optional<Upload.Checksum> checksum(S3Exchange exchange) {
        Optional<ChecksumAlgorithm> algorithm =
                exchange.header("x-amz-checksum-algorithm").map(ChecksumAlgorithm::parse);
        Optional<ChecksumType> type = exchange.header("x-amz-checksum-type").map(MultipartUploads::type);
        if (algorithm.isEmpty()) {
            if (type.isPresent()) {
                throw new S3Exception(
                        S3ErrorCode.INVALID_REQUEST,
                        "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
            }
            return Optional.empty();
        }
        ChecksumType of = type.orElse(algorithm.get().defaultType());
        if (!algorithm.get().supports(of)) {
            throw new S3Exception(
                    S3ErrorCode.INVALID_REQUEST,
                    "The " + of + " checksum type cannot be used with the " + algorithm.get() + " checksum algorithm.");
        }
        return Optional.of(new Upload.Checksum(algorithm.get(), of));
    }

    static ChecksumType type(String name) {
        for (ChecksumType type : ChecksumType.values()) {
            if (type.name().equalsIgnoreCase(name)) {
                return type;
            }
        }
        throw new S3Exception(
                S3ErrorCode.INVALID_REQUEST, "Value for x-amz-checksum-type header is invalid: '" + name + "'.");
    }

    public void abort(S3Exchange exchange, Bucket bucket) {
        Upload upload = Upload.require(exchange, bucket);
        abort(bucket, upload.key(), upload.id().text(), exchange.call());
        exchange.answer(204);
    }

    /** Takes an upload away with all of its parts; one that is gone is no error. */
    public static void abort(Bucket bucket, String key, String uploadId, CallOptions call) {
        String directory = Upload.directory(bucket.name(), key, new UploadId(uploadId));
        TreeChange page;
        do {
            page = bucket.store().hidden().deleteTree(directory, DELETE_PAGE, call);
        } while (page.getMore());
    }
}
