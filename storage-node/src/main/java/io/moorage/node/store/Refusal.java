package io.moorage.node.store;

import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Failure;

/** A command that is not carried out, for a reason that its sender should know. Nothing was changed. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public Refusal(Failure failure) {
        super(failure.getMessage(), null, false, false);
        this.failure = failure;
    }

    public static Refusal of(ErrorCode code, String message) {
        return new Refusal(
                Failure.newBuilder().setCode(code).setMessage(message).build());
    }

    public static Refusal invalid(String message) {
        return of(ErrorCode.ERROR_CODE_INVALID_ARGUMENT, message);
    }

    public Failure failure() {
        return failure;
    }
}
