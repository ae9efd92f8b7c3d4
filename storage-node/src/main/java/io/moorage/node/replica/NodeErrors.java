package io.moorage.node.replica;

import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ErrorDetail;

/** An error that a caller should see as an {@link ErrorDetail}. */
public final class NodeErrors {

    /** Carries the detail to the edge. */
    public static final class CallException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ErrorDetail detail;

        CallException(ErrorDetail detail, Throwable cause) {
            super(detail.getMessage(), cause, false, cause != null);
            this.detail = detail;
        }

        public ErrorDetail detail() {
            return detail;
        }
    }

    private NodeErrors() {}

    /** Nothing of what was asked for has happened, nor will it. */
    public static CallException refused(ErrorCode code, String message) {
        return new CallException(
                ErrorDetail.newBuilder()
                        .setCode(code)
                        .setMessage(message)
                        .setNotApplied(true)
                        .build(),
                null);
    }

    /** It may or may not happen (yet). */
    public static CallException uncertain(ErrorCode code, String message, Throwable cause) {
        return new CallException(
                ErrorDetail.newBuilder().setCode(code).setMessage(message).build(), cause);
    }

    /** @param leader node id of the leader, or "" */
    public static CallException notLeader(String leader, boolean notApplied) {
        String message = leader.isEmpty()
                ? "this replica is not the leader, and knows of none"
                : "this replica is not the leader; " + leader + " is";
        return new CallException(
                ErrorDetail.newBuilder()
                        .setCode(ErrorCode.ERROR_CODE_NOT_LEADER)
                        .setMessage(message)
                        .setLeaderNodeId(leader)
                        .setNotApplied(notApplied)
                        .build(),
                null);
    }

    public static CallException slowDown(String message, int retryAfterMs) {
        return new CallException(
                ErrorDetail.newBuilder()
                        .setCode(ErrorCode.ERROR_CODE_SLOW_DOWN)
                        .setMessage(message)
                        .setRetryAfterMs(retryAfterMs)
                        .setNotApplied(true)
                        .build(),
                null);
    }
}
