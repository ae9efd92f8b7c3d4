package io.moorage.api.s3.object;

import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.exchange.S3Exchange;

/** RestoreObject: nothing is ever archived, so that there is nothing to restore, which AWS says in this way. Thread-safe. */
public final class ObjectRestores {

    public void restore(S3Exchange exchange, Bucket bucket) {
        StoredObject object =
                ObjectLookup.require(bucket, exchange.key(), exchange.query("versionId"), exchange.call());
        throw new S3Exception(
                        S3ErrorCode.INVALID_OBJECT_STATE,
                        "Restore is not allowed for the object's current storage class")
                .with("StorageClass", object.storageClass());
    }
}
