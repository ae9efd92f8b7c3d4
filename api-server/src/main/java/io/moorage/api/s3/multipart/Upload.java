package io.moorage.api.s3.multipart;

import io.moorage.api.s3.body.ChecksumAlgorithm;
import io.moorage.api.s3.body.ChecksumType;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.HiddenKeys;
import io.moorage.api.s3.encryption.SealedContent;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.object.Attributes;
import io.moorage.client.CallOptions;
import io.moorage.protocol.v1.Entry;
import io.moorage.protocol.v1.MetadataItem;
import io.moorage.protocol.v1.ObjectLock;
import io.moorage.protocol.v1.RetentionMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * An unfinished upload.
 *
 * @param entry that says what the object is to be
 */
record Upload(Bucket bucket, String key, UploadId id, Entry entry) {
    static final String RECORD = "upload";
    /** Between key and id: no key holds it. */
    static final String SEPARATOR = "\u0001";

    static final String OWNER = "s3.upload.owner";
    static final String CHECKSUM = "s3.upload.checksum";
    static final String LOCK = "s3.upload.lock";
    private static final Set<String> OWN = Set.of(OWNER, CHECKSUM, LOCK, SealedContent.ATTRIBUTE);

    /** @param type what the checksum of the object will be of */
    record Checksum(ChecksumAlgorithm algorithm, ChecksumType type) {
        String encode() {
            return algorithm + ":" + type;
        }
    }

    /** The upload that the request names. @throws S3Exception NoSuchUpload */
    static Upload require(S3Exchange exchange, Bucket bucket) {
        return find(exchange, bucket).orElseThrow(() -> missing(exchange));
    }

    static Optional<Upload> find(S3Exchange exchange, Bucket bucket) {
        String text = exchange.query("uploadId")
                .orElseThrow(() -> S3Exception.invalidArgument(
                        "This operation does not accept a query-string without the upload's id.", "uploadId", ""));
        return UploadId.parse(text).flatMap(id -> find(bucket, exchange.key(), id, exchange.call()));
    }

    static Optional<Upload> find(Bucket bucket, String key, UploadId id, CallOptions call) {
        return bucket.store()
                .hidden()
                .stat(directory(bucket.name(), key, id) + RECORD, call)
                .map(entry -> new Upload(bucket, key, id, entry));
    }

    static S3Exception missing(S3Exchange exchange) {
        return new S3Exception(S3ErrorCode.NO_SUCH_UPLOAD)
                .with("UploadId", exchange.query("uploadId").orElse(""));
    }

    /** Where it and its parts are. */
    static String directory(String bucket, String key, UploadId id) {
        return HiddenKeys.uploads(bucket) + key + SEPARATOR + id.text() + "/";
    }

    String directory() {
        return directory(bucket.name(), key, id);
    }

    /** @param number 1 to 10000 */
    static String partName(int number) {
        return String.format(Locale.ROOT, "%05d", number);
    }

    Optional<Checksum> checksum() {
        return Attributes.get(entry, CHECKSUM).map(text -> {
            int colon = text.indexOf(':');
            return new Checksum(
                    ChecksumAlgorithm.valueOf(text.substring(0, colon)),
                    ChecksumType.valueOf(text.substring(colon + 1)));
        });
    }

    /** How its parts are encrypted; empty: they are not. */
    Optional<SealedContent> sealing() {
        return SealedContent.of(entry);
    }

    String owner() {
        return Attributes.get(entry, OWNER).orElse("");
    }

    /** Attributes of the object to be, but for those of its content and its encryption. */
    List<MetadataItem> objectAttributes() {
        List<MetadataItem> attributes = new ArrayList<>(entry.getAttributesList());
        attributes.removeIf(item -> OWN.contains(item.getName()));
        return attributes;
    }

    static String encode(ObjectLock lock) {
        return lock.getMode().getNumber() + ":" + lock.getRetainUntilMs() + ":" + lock.getLegalHold();
    }

    ObjectLock lock() {
        return Attributes.get(entry, LOCK)
                .map(text -> text.split(":"))
                .map(fields -> ObjectLock.newBuilder()
                        .setMode(RetentionMode.forNumber(Integer.parseInt(fields[0])))
                        .setRetainUntilMs(Long.parseLong(fields[1]))
                        .setLegalHold(Boolean.parseBoolean(fields[2]))
                        .build())
                .orElse(ObjectLock.getDefaultInstance());
    }
}
