package io.moorage.node.config;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys of the node's configuration: names, defaults, units, ranges. Turns text values into a {@link NodeConfig}. */
final class ConfigFields {
    static final List<String> KEYS = List.of(
            "node.name",
            "node.zone",
            "storage.directory",
            "storage.reserve-bytes",
            "network.host",
            "network.bind",
            "network.service-port",
            "network.raft-port",
            "network.metrics-port",
            "raft.election-timeout",
            "raft.snapshot-log-bytes",
            "raft.snapshot-log-entries",
            "raft.preserve-log-entries",
            "raft.log-segment-bytes",
            "raft.max-batch-commands",
            "raft.max-batch-bytes",
            "raft.max-in-flight-batches",
            "raft.max-queued-bytes",
            "memory.block-cache-bytes",
            "memory.write-buffer-bytes",
            "extents.file-bytes",
            "extents.reader-grace",
            "extents.orphan-grace",
            "extents.audit-interval",
            "extents.direct-writes",
            "scrub.bytes-per-second");

    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(ms|s|m|h|d)");
    private static final long MIB = 1024L * 1024;

    private final Map<String, String> values;
    private final List<String> problems;

    ConfigFields(Map<String, String> values, List<String> problems) {
        this.values = values;
        this.problems = problems;
    }

    static Map<String, String> keysByVariable(String prefix) {
        Map<String, String> keys = new TreeMap<>();
        for (String key : KEYS) {
            keys.put(prefix + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), key);
        }
        return keys;
    }

    NodeConfig build() {
        return new NodeConfig(
                new NodeConfig.Node(name(), values.getOrDefault("node.zone", "")),
                new NodeConfig.Storage(directory(), size("storage.reserve-bytes", 1024 * MIB, MIB, Long.MAX_VALUE)),
                new NodeConfig.Network(
                        values.getOrDefault("network.host", "127.0.0.1"),
                        values.getOrDefault("network.bind", "0.0.0.0"),
                        port("network.service-port", 9200),
                        port("network.raft-port", 9300),
                        port("network.metrics-port", 9091)),
                new NodeConfig.Raft(
                        duration("raft.election-timeout", Duration.ofMillis(1500), 300, 60_000),
                        size("raft.snapshot-log-bytes", 64 * MIB, MIB, Long.MAX_VALUE),
                        number("raft.snapshot-log-entries", 50_000, 100, Long.MAX_VALUE),
                        number("raft.preserve-log-entries", 4096, 0, Long.MAX_VALUE),
                        size("raft.log-segment-bytes", 32 * MIB, 8 * MIB, 1024 * MIB),
                        (int) number("raft.max-batch-commands", 1024, 1, 4096),
                        (int) size("raft.max-batch-bytes", MIB, 64 * 1024, 4 * MIB),
                        (int) number("raft.max-in-flight-batches", 2, 1, 64),
                        size("raft.max-queued-bytes", 32 * MIB, MIB, 1024 * MIB)),
                new NodeConfig.Memory(
                        size("memory.block-cache-bytes", 64 * MIB, MIB, Long.MAX_VALUE),
                        size("memory.write-buffer-bytes", 64 * MIB, 4 * MIB, Long.MAX_VALUE)),
                new NodeConfig.Extents(
                        size("extents.file-bytes", 256 * MIB, 8 * MIB, 16 * 1024 * MIB),
                        duration("extents.reader-grace", Duration.ofMinutes(10), 0, Long.MAX_VALUE),
                        duration("extents.orphan-grace", Duration.ofHours(24), 0, Long.MAX_VALUE),
                        duration("extents.audit-interval", Duration.ofMinutes(10), 100, Long.MAX_VALUE),
                        flag("extents.direct-writes", true)),
                new NodeConfig.Scrub(size("scrub.bytes-per-second", 32 * MIB, 64 * 1024, 64L * 1024 * MIB)));
    }

    private String name() {
        String name = values.get("node.name");
        if (name == null || name.isEmpty()) {
            problems.add("node.name is missing: set it in the file, or MOORAGE_NODE_NAME (or NODE_ID)");
        } else if (!LABEL.matcher(name).matches()) {
            problems.add(
                    "node.name '" + name + "' is not a DNS label (lower-case letters, digits and '-', at most 63)");
        }
        return name;
    }

    private Path directory() {
        String directory = values.get("storage.directory");
        if (directory == null || directory.isEmpty()) {
            problems.add(
                    "storage.directory is missing: set it in the file, or MOORAGE_STORAGE_DIRECTORY (or STORAGE_ROOT)");
            return Path.of("");
        }
        return Path.of(directory).toAbsolutePath().normalize();
    }

    private int port(String key, int fallback) {
        return (int) number(key, fallback, 0, 65535);
    }

    private boolean flag(String key, boolean fallback) {
        String text = values.get(key);
        if (text == null) {
            return fallback;
        }
        if (!text.trim().matches("true|false")) {
            problems.add(key + " '" + text + "' must be true or false");
        }
        return text.trim().equals("true");
    }

    private long number(String key, long fallback, long min, long max) {
        String text = values.get(key);
        if (text == null) {
            return fallback;
        }
        try {
            return inRange(key, text, Long.parseLong(text.trim()), fallback, min, max);
        } catch (NumberFormatException e) {
            problems.add(key + " '" + text + "' is not a whole number");
            return fallback;
        }
    }

    private long size(String key, long fallback, long min, long max) {
        String text = values.get(key);
        if (text == null) {
            return fallback;
        }
        Matcher matcher = SIZE.matcher(text.trim());
        if (!matcher.matches()) {
            problems.add(key + " '" + text + "' is not a size; write bytes, or a number with KiB, MiB, GiB or TiB");
            return fallback;
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        int shift = 10 * List.of("B", "KiB", "MiB", "GiB", "TiB").indexOf(unit);
        try {
            long value = Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift);
            return inRange(key, text, value, fallback, min, max);
        } catch (ArithmeticException | NumberFormatException e) {
            return outOfRange(key, text, fallback, min, max);
        }
    }

    private Duration duration(String key, Duration fallback, long minMillis, long maxMillis) {
        String text = values.get(key);
        if (text == null) {
            return fallback;
        }
        Matcher matcher = DURATION.matcher(text.trim());
        try {
            Duration value = matcher.matches()
                    ? Duration.ofMillis(
                            Math.multiplyExact(Long.parseLong(matcher.group(1)), millisOf(matcher.group(2))))
                    : Duration.parse(text.trim());
            return Duration.ofMillis(inRange(key, text, value.toMillis(), fallback.toMillis(), minMillis, maxMillis));
        } catch (DateTimeParseException e) {
            problems.add(key + " '" + text + "' is not a duration; write for example 1500ms, 30s, 10m, 24h");
            return fallback;
        } catch (ArithmeticException | NumberFormatException e) {
            outOfRange(key, text, 0, minMillis, maxMillis);
            return fallback;
        }
    }

    private static long millisOf(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    private long inRange(String key, String text, long value, long fallback, long min, long max) {
        return value < min || value > max ? outOfRange(key, text, fallback, min, max) : value;
    }

    private long outOfRange(String key, String text, long fallback, long min, long max) {
        problems.add(key + " '" + text + "' is out of range: " + min + " to " + max);
        return fallback;
    }
}
