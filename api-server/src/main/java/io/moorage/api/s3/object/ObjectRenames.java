package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;
import io.moorage.api.s3.request.CopySource;
import io.moorage.api.s3.request.PercentCoding;
import io.moorage.api.s3.request.ReadConditions;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.client.VolumeStore;
import io.moorage.protocol.v1.Precondition;
import io.moorage.protocol.v1.TreeChange;
import java.util.Optional;

/**
 * RenameObject, within a bucket, as one step. AWS has it where nothing is versioned; where versions are kept, the new key gets a new
 * version, and the old one a delete marker before its versions. Thread-safe.
 */
public final class ObjectRenames {
    /** The source's key. @throws S3Exception InvalidArgument */
    public static String source(S3Exchange exchange, Bucket bucket) {
        String header = exchange.header("x-amz-rename-source")
                .orElseThrow(
                        () -> S3Exception.invalidArgument("x-amz-rename-source is missing", "x-amz-rename-source", ""));
        String decoded = PercentCoding.decode(header, true);
        String path = decoded.startsWith("/") ? decoded.substring(1) : decoded;
        if (!path.startsWith(bucket.directory())) {
            // A key alone, which AWS takes as well.
            return path;
        }
        return CopySource.parse(header).key();
    }

    public void rename(S3Exchange exchange, Bucket bucket, String source) {
        if (source.endsWith("/") || exchange.key().endsWith("/")) {
            throw S3Exception.invalidArgument(
                    "Keys that end with '/' cannot be renamed", "x-amz-rename-source", source);
        }
        VolumeStore store = bucket.store();
        StoredObject original = ObjectLookup.require(bucket, source, Optional.empty(), exchange.call());
        sourceConditions(exchange).checkCopySource(original.quotedEtag(), original.lastModified());
        WriteConditions conditions = WriteConditions.of(exchange.head().headers());
        Precondition target = ObjectLookup.precondition(bucket, exchange.key(), conditions, exchange.call());
        if (source.equals(exchange.key())) {
            throw new S3Exception(S3ErrorCode.INVALID_REQUEST, "An object cannot be renamed to its own key.");
        }
        TreeChange renamed = store.rename(
                bucket.entryKey(source),
                bucket.entryKey(exchange.key()),
                Precondition.newBuilder()
                        .addVersionAnyOf(original.entry().getVersion())
                        .build(),
                target,
                exchange.call());
        ObjectAnswer.version(exchange, bucket, renamed.getEntry());
        exchange.answer(200);
    }

    private static ReadConditions sourceConditions(S3Exchange exchange) {
        return ReadConditions.ofRenameSource(exchange.head().headers());
    }
}
