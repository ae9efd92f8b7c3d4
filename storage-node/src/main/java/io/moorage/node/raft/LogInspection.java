package io.moorage.node.raft;

import io.moorage.node.replica.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to the logs of all groups before Ratis opens them. Ratis refuses a log whose last write was cut off by a crash,
 * and with it the whole node. Such a tail was never acknowledged, and is taken off. A log that is damaged otherwise, or ends
 * before what was applied from it, lacks what this member has vouched for: its group is set aside, and must be joined again as
 * if the disk had been lost. (Ratis would have it asked for ever for what it should have.)
 */
final class LogInspection {
    private static final Logger LOG = LoggerFactory.getLogger(LogInspection.class);
    /** Beside a group's directory: the last index of its log when the node was stopped. */
    static final String END = ".end";

    private static final String ASIDE = ".damaged";
    private static final String OPEN = "log_inprogress_";

    /** The index up to which the state of a group is durable; -1: it has none. */
    interface States {
        long appliedIndex(UUID group) throws IOException;
    }

    private final Path logs;
    private final States states;

    /** @param logs holds a directory for each group */
    LogInspection(Path logs, States states) {
        this.logs = logs;
        this.states = states;
    }

    /** The groups that are set aside, now or earlier, and why. */
    Map<UUID, String> run() throws IOException {
        Map<UUID, String> damaged = new HashMap<>();
        for (Path directory : list(logs)) {
            String name = directory.getFileName().toString();
            if (name.endsWith(ASIDE)) {
                UUID group = UUID.fromString(name.substring(0, name.length() - ASIDE.length()));
                if (Files.isDirectory(logs.resolve(group.toString()))) {
                    // It was made anew, and a crash came before this was deleted.
                    Directories.delete(directory);
                } else {
                    damaged.put(group, reason(directory));
                }
                continue;
            }
            if (!Files.isDirectory(directory.resolve("current"))) {
                continue;
            }
            UUID group = UUID.fromString(name);
            long ended = takeEnd(group);
            for (Path file : list(directory.resolve("current"))) {
                String why = inspect(group, file, ended);
                if (!why.isEmpty()) {
                    LOG.error("{}; its group is set aside", why);
                    Path aside = aside(group);
                    Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
                    damaged.put(group, reason(aside));
                    break;
                }
            }
        }
        return damaged;
    }

    /** Where the log of a group that is set aside is. */
    Path aside(UUID group) {
        return logs.resolve(group + ASIDE);
    }

    /** Takes the log of a group that is not open out of use, if it is not already. Returns where it is then. */
    Path setAside(UUID group) throws IOException {
        Path log = logs.resolve(group.toString());
        Path aside = aside(group);
        if (Files.isDirectory(log)) {
            Directories.delete(aside);
            Files.move(log, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.deleteIfExists(logs.resolve(group + END));
        return aside;
    }

    private static String reason(Path aside) {
        return "its log or its data is bad; the log was set aside in " + aside
                + "; the replica is made anew when the other members are healthy";
    }

    /** "": it can be used (now). */
    private String inspect(UUID group, Path file, long ended) throws IOException {
        String name = file.getFileName().toString();
        boolean open = name.startsWith(OPEN);
        if (!open && !name.matches("log_\\d+-\\d+")) {
            return "";
        }
        RaftLogFile.Finding finding = RaftLogFile.check(file);
        boolean torn = finding.state() == RaftLogFile.State.TORN;
        if (open) {
            long last = Long.parseLong(name.substring(OPEN.length())) + finding.goodEntries() - 1;
            boolean mayLack = torn || finding.goodEntries() == 0;
            long known = mayLack ? Math.max(ended, states.appliedIndex(group)) : ended;
            if (known > last) {
                return "log " + file + " ends with entry " + last + ", and had entry " + known;
            }
        }
        if (finding.state() == RaftLogFile.State.WHOLE) {
            return "";
        }
        if (open && torn) {
            LOG.warn(
                    "the last write to {} was cut off: what is behind its {} entries, from byte {} on, is taken off",
                    file,
                    finding.goodEntries(),
                    finding.goodBytes());
            RaftLogFile.cut(file, finding);
            return "";
        }
        return "log " + file + " is damaged behind its first " + finding.goodEntries() + " entries, at byte "
                + finding.goodBytes();
    }

    /** After the logs were closed in order: remembers where they end, so that the next start sees whether that was lost. */
    void rememberEnds() throws IOException {
        for (Path directory : list(logs)) {
            Path current = directory.resolve("current");
            if (directory.toString().endsWith(ASIDE) || !Files.isDirectory(current)) {
                continue;
            }
            for (Path file : list(current)) {
                String name = file.getFileName().toString();
                if (name.startsWith(OPEN)) {
                    long last = Long.parseLong(name.substring(OPEN.length()))
                            + RaftLogFile.check(file).goodEntries()
                            - 1;
                    Files.writeString(
                            logs.resolve(directory.getFileName() + END),
                            Long.toString(last),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.SYNC);
                }
            }
        }
    }

    /** -1: not known. It holds until the log is opened, and not for longer: a new leader may take off what was not committed. */
    private long takeEnd(UUID group) throws IOException {
        Path file = logs.resolve(group + END);
        if (!Files.exists(file)) {
            return -1;
        }
        String text = Files.readString(file);
        Files.delete(file);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }
}
