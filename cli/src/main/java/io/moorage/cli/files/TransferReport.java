package io.moorage.cli.files;

import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Sizes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What a transfer of many files has done. Thread-safe. */
public final class TransferReport {
    private static final int MOST_NAMED = 1000;

    private final Consumer<String> warn;
    private final List<Map<String, Object>> named = new ArrayList<>();
    private long files;
    private long bytes;
    private long skipped;
    private long leftOut;
    private long failures;
    private ExitCode exitCode = ExitCode.DONE;

    /** @param warn is told at once of what goes wrong */
    public TransferReport(Consumer<String> warn) {
        this.warn = warn;
    }

    /** A file was transferred. */
    public synchronized void done(long size) {
        files++;
        bytes += size;
    }

    /** Was there already. */
    public synchronized void skipped() {
        skipped++;
    }

    /** Is nothing that can be stored. */
    synchronized void leftOut(String what, String why) {
        leftOut++;
        warn.accept(what + " " + why + " and is left out");
    }

    synchronized void failed(String what, Failure failure) {
        failures++;
        exitCode = exitCode == ExitCode.DONE || exitCode == failure.exitCode() ? failure.exitCode() : ExitCode.FAILED;
        if (named.size() < MOST_NAMED) {
            named.add(Map.of("path", what, "code", failure.problem(), "message", failure.getMessage()));
        }
        warn.accept(what + ": " + failure.getMessage());
    }

    public synchronized long files() {
        return files;
    }

    /** Of the whole command. */
    public synchronized ExitCode exitCode() {
        return exitCode;
    }

    /** For example: stored 17 files, 12.0 MiB in 3.1 s (3.9 MiB/s), 2 were there already */
    public synchronized String sentence(String verb, Duration time) {
        StringBuilder text = new StringBuilder(verb)
                .append(' ')
                .append(Sizes.count(files, "file", "files"))
                .append(", ")
                .append(Sizes.show(bytes))
                .append(" in ")
                .append(Sizes.show(time));
        if (time.toMillis() >= 100 && bytes > 0) {
            text.append(" (").append(Sizes.show(bytes * 1000 / time.toMillis())).append("/s)");
        }
        if (skipped > 0) {
            text.append(", ")
                    .append(skipped)
                    .append(skipped == 1 ? " was" : " were")
                    .append(" there already");
        }
        if (leftOut > 0) {
            text.append(", ").append(leftOut).append(" left out");
        }
        if (failures > 0) {
            text.append(", ").append(failures).append(" FAILED");
        }
        return text.toString();
    }

    /** The same for programs. */
    public synchronized Map<String, Object> json(Duration time) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("files", files);
        json.put("bytes", bytes);
        json.put("skipped", skipped);
        json.put("leftOut", leftOut);
        json.put("failed", failures);
        json.put("failures", List.copyOf(named));
        json.put("seconds", time.toMillis() / 1000.0);
        return json;
    }
}
