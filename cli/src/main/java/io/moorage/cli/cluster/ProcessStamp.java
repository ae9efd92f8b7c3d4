package io.moorage.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells a process from another one that has its pid by now. On Linux: the boot, and the clock ticks since then, which no change of
 * the wall clock moves (proc(5), /proc/pid/stat, field 22). Elsewhere: when it was started, to a second or two.
 */
final class ProcessStamp {
    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");
    private static final int STATE = 0;
    private static final int START_TIME = 19;
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private ProcessStamp() {}

    /** Empty: there is no such process, or it has ended and only waits to be noticed. */
    static Optional<String> of(long pid) {
        if (Files.exists(BOOT)) {
            return ofLinux(pid);
        }
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .flatMap(handle -> handle.info().startInstant())
                .map(Instant::toString);
    }

    /** Whether both are of the same process. */
    static boolean same(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        try {
            return Duration.between(Instant.parse(one), Instant.parse(other))
                            .abs()
                            .compareTo(TOLERANCE)
                    <= 0;
        } catch (java.time.DateTimeException e) {
            return false;
        }
    }

    private static Optional<String> ofLinux(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
            // The name of the program, in parentheses, may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
            return ended ? Optional.empty() : Optional.of(Files.readString(BOOT).strip() + "/" + fields[START_TIME]);
        } catch (IOException | RuntimeException e) {
            // Gone, or going while it was read.
            return Optional.empty();
        }
    }
}
