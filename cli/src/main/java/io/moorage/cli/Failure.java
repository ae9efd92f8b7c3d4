package io.moorage.cli;

/**
 * A command that did not work; the message says why and what to do.
 *
 * <p>Its problem is a kebab-case word for programs: the end of the server's problem type, or the exit code's name if it was
 * noticed here.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String problem;
    private final String requestId;

    private Failure(ExitCode exitCode, String problem, String message, String requestId, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.problem = problem;
        this.requestId = requestId;
    }

    public static Failure of(ExitCode exitCode, String message) {
        return of(exitCode, message, null);
    }

    /** @param cause shown with --debug; may be null */
    public static Failure of(ExitCode exitCode, String message, Throwable cause) {
        String problem = exitCode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        return new Failure(exitCode, problem, message, "", cause);
    }

    public static Failure usage(String message) {
        return of(ExitCode.USAGE, message);
    }

    /** What a server answered. @param requestId "" = unknown */
    public static Failure answered(ExitCode exitCode, String problem, String message, String requestId) {
        return new Failure(exitCode, problem, message, requestId, null);
    }

    /** The same with other words, for where more is known of what was meant. */
    public Failure explained(String message) {
        return new Failure(exitCode, problem, message, requestId, this);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String problem() {
        return problem;
    }

    /** Under which the server's log tells more; "" = unknown. */
    public String requestId() {
        return requestId;
    }
}
