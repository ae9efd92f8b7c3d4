package io.moorage.it.nemesis.check;

/**
 * One operation as its caller saw it.
 *
 * @param client who called
 * @param output null: what came of it is not known
 * @param callNanos when it was called
 * @param returnNanos when it was answered; {@link #NEVER} if it may take effect at any time after the call, or not at all
 */
public record Operation<I, O>(int client, I input, O output, long callNanos, long returnNanos) {
    public static final long NEVER = Long.MAX_VALUE;

    public boolean isOpen() {
        return returnNanos == NEVER;
    }
}
