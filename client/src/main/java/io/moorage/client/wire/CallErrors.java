package io.moorage.client.wire;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;
import java.net.ConnectException;

/** Reads what a node said went wrong. */
public final class CallErrors {
    private static final Metadata.Key<ErrorDetail> DETAIL =
            Metadata.Key.of("moorage-error-bin", ProtoUtils.metadataMarshaller(ErrorDetail.getDefaultInstance()));

    private CallErrors() {}

    /** The node's own words, or what the transport tells: that the node could not be reached, or was too slow. */
    public static ErrorDetail detail(Throwable thrown) {
        Metadata trailers = Status.trailersFromThrowable(thrown);
        ErrorDetail detail = trailers == null ? null : trailers.get(DETAIL);
        if (detail != null) {
            return detail;
        }
        Status status = Status.fromThrowable(thrown);
        return ErrorDetail.newBuilder()
                .setCode(
                        status.getCode() == Status.Code.UNAVAILABLE
                                        || status.getCode() == Status.Code.DEADLINE_EXCEEDED
                                        || status.getCode() == Status.Code.CANCELLED
                                ? ErrorCode.ERROR_CODE_UNAVAILABLE
                                : ErrorCode.ERROR_CODE_INTERNAL)
                .setMessage(String.valueOf(status.getDescription()))
                .setNotApplied(neverSent(status.getCause()))
                .build();
    }

    /** Whether another node, or the same one later, may do better. */
    public static boolean isTransient(ErrorCode code) {
        return switch (code) {
            case ERROR_CODE_NOT_LEADER, ERROR_CODE_UNAVAILABLE, ERROR_CODE_SLOW_DOWN, ERROR_CODE_GROUP_NOT_FOUND ->
                true;
            default -> false;
        };
    }

    private static boolean neverSent(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }
}
