package io.moorage.cli.kubernetes.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes that somebody stopped on purpose; they are not started again until the mark is taken away. */
public final class StopMarks {
    private static final String SUFFIX = ".stopped";

    private final Path directory;

    /** @param directory where the processes' pid files are */
    public StopMarks(Path directory) {
        this.directory = directory;
    }

    private Path file(String process) {
        return directory.resolve(process + SUFFIX);
    }

    public void set(String process) throws IOException {
        Files.createDirectories(directory);
        Files.write(file(process), new byte[0]);
    }

    public void clear(String process) throws IOException {
        Files.deleteIfExists(file(process));
    }

    public boolean isSet(String process) {
        return Files.exists(file(process));
    }
}
