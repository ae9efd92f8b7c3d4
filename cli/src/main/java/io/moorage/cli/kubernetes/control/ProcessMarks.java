package io.moorage.cli.kubernetes.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What commands want of processes that the supervisor looks after, as empty files beside their pid files. Commands leave marks and
 * write nothing else there while it runs: what it knows of a process has one writer.
 */
public final class ProcessMarks {
    private static final String STOPPED = ".stopped";
    private static final String WANTED = ".wanted";

    private final Path directory;

    /** @param directory where the processes' pid files are */
    public ProcessMarks(Path directory) {
        this.directory = directory;
    }

    /** It is not started before somebody wants it again. */
    public void stop(String process) throws IOException {
        mark(process, STOPPED);
    }

    public boolean isStopped(String process) {
        return Files.exists(file(process, STOPPED));
    }

    /** It is started as soon as it does not run, without a pause, however often it has ended before. */
    public void want(String process) throws IOException {
        mark(process, WANTED);
        unmark(process, STOPPED);
    }

    boolean isWanted(String process) {
        return Files.exists(file(process, WANTED));
    }

    /** It runs, or is about to be started once. */
    void granted(String process) throws IOException {
        unmark(process, WANTED);
    }

    void forget(String process) throws IOException {
        unmark(process, STOPPED);
        unmark(process, WANTED);
    }

    private void mark(String process, String mark) throws IOException {
        Files.createDirectories(directory);
        Files.write(file(process, mark), new byte[0]);
    }

    private void unmark(String process, String mark) throws IOException {
        Files.deleteIfExists(file(process, mark));
    }

    private Path file(String process, String mark) {
        return directory.resolve(process + mark);
    }
}
