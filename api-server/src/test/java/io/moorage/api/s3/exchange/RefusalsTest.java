package io.moorage.api.s3.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.moorage.api.s3.errors.S3ErrorCode;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.api.s3.object.ObjectWrites;
import io.moorage.api.s3.request.Headers;
import io.moorage.api.s3.request.WriteConditions;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RefusalsTest {

    @ParameterizedTest
    @CsvSource({
        "ERROR_CODE_NOT_FOUND,           NO_SUCH_KEY",
        "ERROR_CODE_VOLUME_NOT_FOUND,    NO_SUCH_BUCKET",
        "ERROR_CODE_PRECONDITION_FAILED, PRECONDITION_FAILED",
        "ERROR_CODE_LOCKED,              ACCESS_DENIED",
        "ERROR_CODE_QUOTA_EXCEEDED,      INSUFFICIENT_STORAGE",
        "ERROR_CODE_DISK_FULL,           INSUFFICIENT_STORAGE",
        "ERROR_CODE_TOO_LARGE,           ENTITY_TOO_LARGE",
        "ERROR_CODE_CONFLICT,            OPERATION_ABORTED",
        "ERROR_CODE_UPLOAD_EXPIRED,      REQUEST_TIMEOUT",
        "ERROR_CODE_SLOW_DOWN,           SLOW_DOWN",
        "ERROR_CODE_INTERNAL,            INTERNAL_ERROR",
        "ERROR_CODE_UNAVAILABLE,         SERVICE_UNAVAILABLE",
        "ERROR_CODE_INVALID_ARGUMENT,    INVALID_ARGUMENT"
    })
    void whatTheClusterSays(ErrorCode code, S3ErrorCode expected) {
        assertThat(Refusals.of(new MoorageException(code, "why")).code()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everythingHasAnAnswer(ErrorCode code) {
        S3Exception refusal = Refusals.of(new MoorageException(code, "why"));
        assertThat(refusal.headers().containsKey("Retry-After"))
                .isEqualTo(refusal.code().status() == 503);
    }

    @Test
    void aTagThatHeldAndHoldsNoMoreIsAConflict() {
        MoorageException raced = new MoorageException(ErrorCode.ERROR_CODE_PRECONDITION_FAILED, "why");
        assertThat(ObjectWrites.conflict(raced, WriteConditions.of(Headers.of("If-Match", "\"t\""))))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.code()).isEqualTo(S3ErrorCode.CONDITIONAL_REQUEST_CONFLICT));
        assertThat(ObjectWrites.conflict(raced, WriteConditions.of(Headers.of("If-None-Match", "*"))))
                .isSameAs(raced);
    }
}
