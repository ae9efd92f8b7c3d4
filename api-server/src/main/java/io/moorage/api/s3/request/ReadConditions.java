package io.moorage.api.s3.request;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Conditions of a read, or of the source of a copy (RFC 9110 §13; GetObject and CopyObject). A date that cannot be read is as good
 * as none.
 */
public record ReadConditions(
        Optional<EntityTags> ifMatch,
        Optional<EntityTags> ifNoneMatch,
        Optional<Instant> ifModifiedSince,
        Optional<Instant> ifUnmodifiedSince) {

    /** If-Match and the others. */
    public static ReadConditions of(Headers headers) {
        return of(headers, "");
    }

    /** x-amz-copy-source-if-match and the others. */
    public static ReadConditions ofCopySource(Headers headers) {
        return of(headers, "x-amz-copy-source-");
    }

    /** x-amz-rename-source-if-match and the others. */
    public static ReadConditions ofRenameSource(Headers headers) {
        return of(headers, "x-amz-rename-source-");
    }

    private static ReadConditions of(Headers headers, String prefix) {
        return new ReadConditions(
                headers.first(prefix + "if-match").map(EntityTags::parse),
                headers.first(prefix + "if-none-match").map(EntityTags::parse),
                headers.first(prefix + "if-modified-since").flatMap(HttpDates::parse),
                headers.first(prefix + "if-unmodified-since").flatMap(HttpDates::parse));
    }

    /**
     * In the order of RFC 9110 §13.2.2: tags go before dates.
     *
     * @throws S3Exception PreconditionFailed, NotModified
     */
    public void check(String etag, Instant lastModified) {
        checkCondition(etag, lastModified, S3ErrorCode.NOT_MODIFIED);
    }

    /** The same for the source of a copy, where nothing is "not modified". @throws S3Exception PreconditionFailed */
    public void checkCopySource(String etag, Instant lastModified) {
        checkCondition(etag, lastModified, S3ErrorCode.PRECONDITION_FAILED);
    }

    private void checkCondition(String etag, Instant lastModified, S3ErrorCode unmodified) {
        Instant modified = lastModified.truncatedTo(ChronoUnit.SECONDS);
        if (ifMatch.isPresent()) {
            if (!ifMatch.get().contain(etag)) {
                throw failed(S3ErrorCode.PRECONDITION_FAILED, "If-Match");
            }
        } else if (ifUnmodifiedSince.isPresent() && modified.isAfter(ifUnmodifiedSince.get())) {
            throw failed(S3ErrorCode.PRECONDITION_FAILED, "If-Unmodified-Since");
        }
        if (ifNoneMatch.isPresent()) {
            if (ifNoneMatch.get().contain(etag)) {
                throw failed(unmodified, "If-None-Match");
            }
        } else if (ifModifiedSince.isPresent() && !modified.isAfter(ifModifiedSince.get())) {
            throw failed(unmodified, "If-Modified-Since");
        }
    }

    private static S3Exception failed(S3ErrorCode code, String condition) {
        return new S3Exception(code).with("Condition", condition);
    }
}
