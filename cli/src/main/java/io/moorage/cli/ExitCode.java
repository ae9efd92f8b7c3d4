package io.moorage.cli;

/** What a command's exit code says. The numbers are a promise to scripts. */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "failed"),
    USAGE(2, "wrong usage or bad input"),
    NOT_FOUND(3, "not found"),
    CONFLICT(4, "conflict, or a precondition that does not hold"),
    UNAVAILABLE(5, "the cluster is not available"),
    NO_SPACE(6, "no space left, or a quota is used up");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }
}
