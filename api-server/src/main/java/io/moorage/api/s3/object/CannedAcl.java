package io.moorage.api.s3.object;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.xml.AccessControlDocument;

/**
 * ACLs as buckets have them whose owner owns everything in them ("Bucket owner enforced", AWS's default since 2023): those that say
 * no more than that are taken, all others refused.
 */
public final class CannedAcl {
    private CannedAcl() {}

    /** @throws S3Exception AccessControlListNotSupported, InvalidArgument */
    public static void check(Headers headers) {
        headers.first("x-amz-acl").ifPresent(acl -> {
            if (!AccessControlDocument.cannedIsOwnersAlone(acl)) {
                throw new S3Exception(
                        S3ErrorCode.ACCESS_CONTROL_LIST_NOT_SUPPORTED,
                        "The bucket does not allow ACLs; x-amz-acl was '" + acl + "'. Use a bucket policy.");
            }
        });
    }
}
