package io.moorage.operator.cluster.resources;

/**
 * What the spec asks for cannot be done, or not safely. Nothing was changed. Trying again is of no use until somebody changes
 * something; the reason and the message are for a condition.
 */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    /**
     * @param reason of the condition, in CamelCase
     * @param message names the field, the value and the remedy
     */
    public RefusedException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
