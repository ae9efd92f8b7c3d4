package io.moorage.cli.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A process that outlives the command that started it. Its pid file holds the pid and a {@link ProcessStamp}, so that a pid which
 * another process has by now is recognised.
 *
 * <p>It writes its log itself; what it writes to standard output and error nevertheless (a JVM that cannot start, a configuration
 * that is refused) is in a file of its own, that begins anew with each start.
 */
public final class ManagedProcess {
    private static final String PID = ".pid";
    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final long LOOK_EVERY_MILLIS = 20;

    private final String name;
    private final Path directory;

    /** @param directory for its pid file and logs */
    public ManagedProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory;
    }

    public String name() {
        return name;
    }

    public Path logFile() {
        return directory.resolve(name + ".log");
    }

    /** Standard output and error. */
    public Path outputFile() {
        return directory.resolve(name + ".out");
    }

    private Path pidFile() {
        return directory.resolve(name + PID);
    }

    /** How far a process is with its life. */
    public enum State {
        RUNNING,
        /** Nothing can save it, and it may hold its ports and its directory yet. */
        ENDING,
        /** Or never started. */
        ENDED
    }

    /** As of now. */
    public State state() throws IOException {
        OptionalLong pid = recorded();
        if (pid.isEmpty()) {
            return State.ENDED;
        }
        return ProcessStamp.isEnding(pid.getAsLong()) ? State.ENDING : State.RUNNING;
    }

    /** Its pid; empty if it does not run, or never did. */
    public OptionalLong pid() throws IOException {
        OptionalLong pid = recorded();
        return pid.isPresent() && ProcessStamp.isEnding(pid.getAsLong()) ? OptionalLong.empty() : pid;
    }

    /** What the pid file says, as long as that process is there at all. */
    private OptionalLong recorded() throws IOException {
        String[] parts;
        try {
            parts = Files.readString(pidFile()).strip().split(" ");
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
        if (parts.length != 2 || !parts[0].matches("\\d{1,18}")) {
            return OptionalLong.empty();
        }
        long pid = Long.parseLong(parts[0]);
        boolean same = ProcessStamp.of(pid)
                .filter(stamp -> ProcessStamp.same(stamp, parts[1]))
                .isPresent();
        return same ? OptionalLong.of(pid) : OptionalLong.empty();
    }

    public boolean isRunning() throws IOException {
        return pid().isPresent();
    }

    /** Starts it in a session of its own: neither Ctrl-C nor a closed terminal reaches it. */
    public void start(List<String> command) throws IOException {
        Files.createDirectories(directory);
        List<String> full = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            full.add(SETSID.toString());
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new java.io.File("/dev/null"))
                .redirectOutput(outputFile().toFile());
        // What is in this command's environment is meant for this command; the process has its file.
        builder.environment().keySet().removeIf(ManagedProcess::isOurs);
        Process process = builder.start();
        WholeFile.write(
                pidFile(), process.pid() + " " + ProcessStamp.of(process.pid()).orElse("ended") + "\n");
    }

    private static boolean isOurs(String variable) {
        return variable.startsWith("MOORAGE_") || variable.equals("STORAGE_ROOT") || variable.equals("NODE_ID");
    }

    /** It is not known any more that there ever was one, but for its log. */
    public void forget() throws IOException {
        Files.deleteIfExists(pidFile());
    }

    /** Names of the processes that were started in a directory and not forgotten, in order. */
    public static List<String> in(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(PID))
                    .map(name -> name.substring(0, name.length() - PID.length()))
                    .sorted()
                    .toList();
        }
    }

    /** Sends TERM, INT or KILL; nothing if it does not run. */
    public void signal(String signal) throws IOException {
        OptionalLong pid = pid();
        if (pid.isEmpty()) {
            return;
        }
        ProcessHandle handle = ProcessHandle.of(pid.getAsLong()).orElse(null);
        if (handle == null) {
            return;
        }
        switch (signal) {
            case "KILL" -> handle.destroyForcibly();
            case "TERM" -> handle.destroy();
            default -> {
                Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(handle.pid())).start();
                try {
                    kill.waitFor();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** Whether it ended within the time, with all that it held. */
    public boolean awaitExit(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (state() != State.ENDED) {
            if (System.nanoTime() >= end) {
                return false;
            }
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
