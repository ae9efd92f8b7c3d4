package io.moorage.cli;

/** A command that did not work; the message says why and what to do. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int NOT_FOUND = 3;
    public static final int CONFLICT = 4;
    public static final int UNAVAILABLE = 5;
    public static final int NO_SPACE = 6;

    private final int exitCode;

    private Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public static Failure of(int exitCode, String message) {
        return new Failure(exitCode, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
