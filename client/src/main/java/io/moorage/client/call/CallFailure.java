package io.moorage.client.call;

import io.moorage.protocol.v1.ErrorDetail;

/** One attempt of a call failed. Without a stack trace: attempts fail often while a leader moves. */
final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ErrorDetail detail;

    CallFailure(ErrorDetail detail) {
        super(detail.getMessage(), null, false, false);
        this.detail = detail;
    }

    ErrorDetail detail() {
        return detail;
    }
}
