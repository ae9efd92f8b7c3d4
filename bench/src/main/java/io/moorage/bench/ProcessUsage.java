package io.moorage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** CPU time and peak memory of a process, from /proc. */
public final class ProcessUsage {
    private static final double TICKS_PER_SECOND = 100;

    private final String name;
    private final Path proc;
    private final double startSeconds;
    private double endSeconds;
    private long peakMiB;

    private ProcessUsage(String name, Path proc) throws IOException {
        this.name = name;
        this.proc = proc;
        this.startSeconds = cpu();
    }

    /** @param nameAndPid NAME=PID */
    public static ProcessUsage start(String nameAndPid) throws IOException {
        int equals = nameAndPid.indexOf('=');
        return new ProcessUsage(nameAndPid.substring(0, equals), Path.of("/proc", nameAndPid.substring(equals + 1)));
    }

    /** @param namesAndPids NAME=PID each */
    public static List<ProcessUsage> startAll(List<String> namesAndPids) throws IOException {
        List<ProcessUsage> usages = new ArrayList<>();
        for (String nameAndPid : namesAndPids) {
            usages.add(start(nameAndPid));
        }
        return usages;
    }

    public static void stopAll(List<ProcessUsage> usages) throws IOException {
        for (ProcessUsage usage : usages) {
            usage.stop();
        }
    }

    public void stop() throws IOException {
        endSeconds = cpu();
        peakMiB = Files.readAllLines(proc.resolve("status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    public String name() {
        return name;
    }

    public double cpuSeconds() {
        return endSeconds - startSeconds;
    }

    public long peakMiB() {
        return peakMiB;
    }

    /** User and system time: fields 14 and 15 of proc_pid_stat(5), counted after the name, which may hold blanks. */
    private double cpu() throws IOException {
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }
}
