package io.moorage.client.call;

import io.moorage.protocol.v1.ErrorDetail;

/** One attempt of a call failed. Without a stack trace: attempts fail often while a leader moves. */
final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorDetail detail;

    private final boolean timedOut;

    CallFailure(ErrorDetail detail) {
        this(detail, false);
    }

    /** @param timedOut the node may be well, and was only not given, or not able to answer in, the time */
    CallFailure(ErrorDetail detail, boolean timedOut) {
        super(detail.getMessage(), null, false, false);
        this.detail = detail;
        this.timedOut = timedOut;
    }

    boolean timedOut() {
        return timedOut;
    }

    ErrorDetail detail() {
        return detail;
    }
}
