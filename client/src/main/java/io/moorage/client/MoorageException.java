package io.moorage.client;

import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;

/**
 * What went wrong with a call, after all retries. The code says what kind of thing it was; the message names the field, the
 * value and the remedy.
 */
public final class MoorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final long currentVersion;
    private final boolean mayHaveTakenEffect;
    private final Duration retryAfter;

    public MoorageException(
            ErrorCode code,
            String message,
            long currentVersion,
            boolean mayHaveTakenEffect,
            Duration retryAfter,
            Throwable cause) {
        super(message, cause);
        this.code = code;
        this.currentVersion = currentVersion;
        this.mayHaveTakenEffect = mayHaveTakenEffect;
        this.retryAfter = retryAfter;
    }

    /** A failure that certainly had no effect and for which trying again later is no remedy. */
    public MoorageException(ErrorCode code, String message) {
        this(code, message, 0, false, Duration.ZERO, null);
    }

    public ErrorCode code() {
        return code;
    }

    /** PRECONDITION_FAILED: the version that is there (0 = none). COMPACTED: the horizon (0 = not known). */
    public long currentVersion() {
        return currentVersion;
    }

    /** The command was sent and its outcome is not known: it may have been, or may yet be, applied. */
    public boolean mayHaveTakenEffect() {
        return mayHaveTakenEffect;
    }

    /** When it makes sense to try again; zero = it does not, or at once. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
