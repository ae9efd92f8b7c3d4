package io.moorage.cli.commands;

import io.moorage.cli.Failure;
import picocli.CommandLine.Option;

/** What put and get have in common. */
final class TransferOptions {
    private static final int MOST_JOBS = 64;

    @Option(
            names = {"-r", "--recursive"},
            description = "directories, with all that is in them")
    private boolean recursive;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            defaultValue = "4",
            description = "files at a time (default: ${DEFAULT-VALUE})")
    private int jobs;

    @Option(
            names = "--skip-existing",
            description = "leave files that are there with the same size, time and (if it is kept) SHA-256")
    private boolean skipExisting;

    @Option(
            names = "--verify",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "compute and compare the SHA-256 of files, or do not (default: do)")
    private boolean verify = true;

    boolean recursive() {
        return recursive;
    }

    /** @throws Failure before anything is transferred */
    void check() {
        if (jobs < 1 || jobs > MOST_JOBS) {
            throw Failure.usage("--jobs is " + jobs + "; it must be 1 to " + MOST_JOBS);
        }
    }

    int jobs() {
        return jobs;
    }

    boolean skipExisting() {
        return skipExisting;
    }

    boolean verify() {
        return verify;
    }
}
