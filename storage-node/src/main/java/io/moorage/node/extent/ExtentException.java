package io.moorage.node.extent;

import java.io.IOException;

/** Why an extent cannot be read or written here; another replica may be able to. */
public final class ExtentException extends IOException {
    private static final long serialVersionUID = 1L;

    public enum Reason {
        /** There is no such extent here. */
        MISSING,
        /** What is on disk is not what was written. */
        CORRUPT,
        /** What was sent does not have the checksum that was sent with it, or breaks the rules. */
        INVALID,
        /** No space left on the device. */
        DISK_FULL,
        /** An earlier write or sync failed: nothing more is written until the node was restarted. */
        FAILED
    }

    private final Reason reason;

    public ExtentException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
