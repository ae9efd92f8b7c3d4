package io.moorage.node.service;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.moorage.node.extent.ExtentException;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.store.Refusal;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an {@link ErrorDetail}, or a gRPC status with one in the trailer "moorage-error-bin". */
final class CallErrors {
    private static final Logger LOG = LoggerFactory.getLogger(CallErrors.class);
    private static final Metadata.Key<ErrorDetail> DETAIL =
            Metadata.Key.of("moorage-error-bin", ProtoUtils.metadataMarshaller(ErrorDetail.getDefaultInstance()));

    private CallErrors() {}

    static StatusRuntimeException toStatus(Throwable thrown) {
        ErrorDetail detail = detail(thrown);
        Metadata trailers = new Metadata();
        trailers.put(DETAIL, detail);
        return status(detail.getCode()).withDescription(detail.getMessage()).asRuntimeException(trailers);
    }

    static ErrorDetail detail(Throwable thrown) {
        return detailOf(unwrap(thrown));
    }

    private static Throwable unwrap(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null ? unwrap(thrown.getCause()) : thrown;
    }

    private static ErrorDetail detailOf(Throwable thrown) {
        if (thrown instanceof NodeErrors.CallException call) {
            return call.detail();
        }
        if (thrown instanceof Refusal refusal) {
            return ErrorDetail.newBuilder()
                    .setCode(refusal.failure().getCode())
                    .setMessage(refusal.failure().getMessage())
                    .setNotApplied(true)
                    .setHorizon(refusal.failure().getCurrentVersion())
                    .build();
        }
        if (thrown instanceof ExtentException extent) {
            return ErrorDetail.newBuilder()
                    .setCode(code(extent.reason()))
                    .setMessage(extent.getMessage())
                    .setNotApplied(true)
                    .build();
        }
        if (thrown instanceof RejectedExecutionException) {
            return ErrorDetail.newBuilder()
                    .setCode(ErrorCode.ERROR_CODE_SLOW_DOWN)
                    .setMessage("too many calls wait for their turn on this node; try again in a moment")
                    .setRetryAfterMs(200)
                    .build();
        }
        LOG.error("a call failed for a reason that should not be", thrown);
        return ErrorDetail.newBuilder()
                .setCode(ErrorCode.ERROR_CODE_INTERNAL)
                .setMessage(String.valueOf(thrown))
                .build();
    }

    private static ErrorCode code(ExtentException.Reason reason) {
        return switch (reason) {
            case MISSING -> ErrorCode.ERROR_CODE_EXTENT_MISSING;
            case CORRUPT -> ErrorCode.ERROR_CODE_CORRUPT;
            case INVALID -> ErrorCode.ERROR_CODE_INVALID_ARGUMENT;
            case DISK_FULL -> ErrorCode.ERROR_CODE_DISK_FULL;
            case FAILED -> ErrorCode.ERROR_CODE_UNAVAILABLE;
        };
    }

    private static Status status(ErrorCode code) {
        return switch (code) {
            case ERROR_CODE_INVALID_ARGUMENT, ERROR_CODE_TOO_LARGE -> Status.INVALID_ARGUMENT;
            case ERROR_CODE_NOT_FOUND,
                    ERROR_CODE_VOLUME_NOT_FOUND,
                    ERROR_CODE_GROUP_NOT_FOUND,
                    ERROR_CODE_EXTENT_MISSING -> Status.NOT_FOUND;
            case ERROR_CODE_ALREADY_EXISTS -> Status.ALREADY_EXISTS;
            case ERROR_CODE_PRECONDITION_FAILED,
                    ERROR_CODE_NOT_EMPTY,
                    ERROR_CODE_UNSAFE,
                    ERROR_CODE_NOT_LEADER,
                    ERROR_CODE_LOCKED -> Status.FAILED_PRECONDITION;
            case ERROR_CODE_QUOTA_EXCEEDED, ERROR_CODE_DISK_FULL, ERROR_CODE_SLOW_DOWN -> Status.RESOURCE_EXHAUSTED;
            case ERROR_CODE_UNAVAILABLE -> Status.UNAVAILABLE;
            case ERROR_CODE_COMPACTED -> Status.OUT_OF_RANGE;
            case ERROR_CODE_CORRUPT -> Status.DATA_LOSS;
            default -> Status.INTERNAL;
        };
    }
}
