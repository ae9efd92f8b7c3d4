package io.moorage.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process that outlives the command that started it. Its pid file says when it was started too, so that a pid which another
 * process has by now is recognised.
 */
public final class ManagedProcess {
    private final String name;
    private final Path pidFile;
    private final Path logFile;

    public ManagedProcess(String name, Path directory) {
        this.name = name;
        this.pidFile = directory.resolve(name + ".pid");
        this.logFile = directory.resolve(name + ".log");
    }

    public String name() {
        return name;
    }

    public Path logFile() {
        return logFile;
    }

    /** The process, if it is the one that was started and still runs. */
    public Optional<ProcessHandle> handle() throws IOException {
        String[] parts;
        try {
            parts = Files.readString(pidFile).trim().split(" ");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (parts.length != 2) {
            return Optional.empty();
        }
        Instant started = Instant.parse(parts[1]);
        return ProcessHandle.of(Long.parseLong(parts[0]))
                .filter(ProcessHandle::isAlive)
                .filter(handle ->
                        handle.info().startInstant().map(started::equals).orElse(false));
    }

    /** Starts it in a session of its own, its output appended to its log. */
    public void start(List<String> command) throws IOException {
        Files.createDirectories(pidFile.getParent());
        List<String> full = new ArrayList<>();
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            full.add("/usr/bin/setsid");
        }
        full.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(full);
        // What is in this command's environment is meant for this command; the process has its file.
        builder.environment()
                .keySet()
                .removeIf(variable -> variable.startsWith("MOORAGE_")
                        || variable.equals("STORAGE_ROOT")
                        || variable.equals("NODE_ID"));
        Process process = builder.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
        String started =
                process.toHandle().info().startInstant().orElse(Instant.EPOCH).toString();
        Path temporary = pidFile.resolveSibling(pidFile.getFileName() + ".new");
        Files.writeString(temporary, process.pid() + " " + started + "\n");
        Files.move(temporary, pidFile, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    /** Sends a signal: TERM, INT, KILL, STOP, CONT. */
    public void signal(String signal) throws IOException {
        ProcessHandle handle = handle().orElse(null);
        if (handle == null) {
            return;
        }
        if (signal.equals("KILL")) {
            handle.destroyForcibly();
        } else if (signal.equals("TERM")) {
            handle.destroy();
        } else {
            try {
                new ProcessBuilder("kill", "-" + signal, Long.toString(handle.pid()))
                        .start()
                        .waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether it ended within the time. */
    public boolean awaitExit(long seconds) throws IOException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isEmpty()) {
            return true;
        }
        try {
            handle.get().onExit().get(seconds, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last lines of its log. */
    public List<String> tail(int lines) throws IOException {
        if (!Files.exists(logFile)) {
            return List.of();
        }
        java.util.ArrayDeque<String> last = new java.util.ArrayDeque<>();
        try (var all = Files.lines(logFile)) {
            all.forEach(line -> {
                last.add(line);
                if (last.size() > lines) {
                    last.poll();
                }
            });
        }
        return List.copyOf(last);
    }
}
