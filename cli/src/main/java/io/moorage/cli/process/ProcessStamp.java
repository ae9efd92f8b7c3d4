package io.moorage.cli.process;

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
    private static final int FLAGS = 6;
    private static final int THREADS = 17;
    private static final int START_TIME = 19;
    /** PF_EXITING of the kernel. */
    private static final long EXITING = 0x4;

    private static final long SIGKILL = 1L << 8;
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

    /**
     * Whether it is on its way out and cannot be stopped any more: killed with SIGKILL, or exiting. It may hold its ports and locks
     * for a while yet. Elsewhere than on Linux nobody says so.
     */
    static boolean isEnding(long pid) {
        if (!Files.exists(BOOT)) {
            return false;
        }
        try {
            String[] fields = stat(pid);
            return fields[STATE].equals("Z")
                    || (Long.parseLong(fields[FLAGS]) & EXITING) != 0
                    || Files.readAllLines(PROC.resolve(Long.toString(pid)).resolve("status")).stream()
                            .anyMatch(ProcessStamp::hasKillPending);
        } catch (IOException e) {
            // Gone, or going while it was read.
            return true;
        } catch (RuntimeException e) {
            // Written in another way than is known here, which is no reason to give it up.
            return false;
        }
    }

    /** Of lines like "ShdPnd:\t0000000000000100": the signals that have come and were not taken yet. */
    private static boolean hasKillPending(String line) {
        return (line.startsWith("SigPnd:") || line.startsWith("ShdPnd:"))
                && (Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16) & SIGKILL) != 0;
    }

    private static Optional<String> ofLinux(long pid) {
        try {
            String[] fields = stat(pid);
            boolean dead = fields[STATE].equals("X");
            // The first thread of a process that is killed may be over while the others still hold all that it has
            // open.
            boolean unnoticed = fields[STATE].equals("Z") && Integer.parseInt(fields[THREADS]) <= 1;
            return dead || unnoticed
                    ? Optional.empty()
                    : Optional.of(Files.readString(BOOT).strip() + "/" + fields[START_TIME]);
        } catch (IOException | RuntimeException e) {
            // Gone, or going while it was read.
            return Optional.empty();
        }
    }

    /** From field 3 on (proc(5)). */
    private static String[] stat(long pid) throws IOException {
        String stat = Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat"));
        // The name of the program, in parentheses, may hold anything.
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
