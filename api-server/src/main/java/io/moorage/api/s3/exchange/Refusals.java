package io.moorage.api.s3.exchange;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.client.MoorageException;

/** What the cluster says, in S3's words. */
public final class Refusals {
    private Refusals() {}

    public static S3Exception of(MoorageException e) {
        S3Exception refusal = switch (e.code()) {
            case ERROR_CODE_NOT_FOUND -> new S3Exception(S3ErrorCode.NO_SUCH_KEY);
            case ERROR_CODE_VOLUME_NOT_FOUND -> new S3Exception(S3ErrorCode.NO_SUCH_BUCKET);
            case ERROR_CODE_PRECONDITION_FAILED -> new S3Exception(S3ErrorCode.PRECONDITION_FAILED);
            case ERROR_CODE_LOCKED ->
                new S3Exception(S3ErrorCode.ACCESS_DENIED, "Access Denied because object protected by object lock.");
            case ERROR_CODE_QUOTA_EXCEEDED, ERROR_CODE_DISK_FULL ->
                new S3Exception(S3ErrorCode.INSUFFICIENT_STORAGE, e.getMessage());
            case ERROR_CODE_TOO_LARGE -> new S3Exception(S3ErrorCode.ENTITY_TOO_LARGE, e.getMessage());
            case ERROR_CODE_CONFLICT -> new S3Exception(S3ErrorCode.OPERATION_ABORTED);
            case ERROR_CODE_UPLOAD_EXPIRED -> new S3Exception(S3ErrorCode.REQUEST_TIMEOUT, e.getMessage());
            case ERROR_CODE_SLOW_DOWN -> new S3Exception(S3ErrorCode.SLOW_DOWN);
            case ERROR_CODE_INVALID_ARGUMENT ->
                e.getMessage().startsWith("length mismatch")
                        ? new S3Exception(S3ErrorCode.INCOMPLETE_BODY)
                        : new S3Exception(S3ErrorCode.INVALID_ARGUMENT, e.getMessage());
            case ERROR_CODE_INTERNAL, ERROR_CODE_UNSPECIFIED, UNRECOGNIZED ->
                new S3Exception(S3ErrorCode.INTERNAL_ERROR);
            default -> new S3Exception(S3ErrorCode.SERVICE_UNAVAILABLE, e.getMessage());
        };
        if (refusal.code().status() == 503) {
            refusal.header(
                    "Retry-After", Long.toString(Math.max(1, e.retryAfter().toSeconds())));
        }
        return refusal;
    }
}
