package io.moorage.node.raft;

import com.google.protobuf.ByteString;
import io.moorage.node.identity.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Groups that this node was a member of and that are over, because they lost their majority and went on as others. Each is a
 * file, which stays: whoever was a member of a group must never be one again with less than it acknowledged. Thread-safe.
 */
final class Successions {
    /** In place of an index: what this node had did not go on. */
    private static final long SUPERSEDED = -1;

    /**
     * @param successor what the group is called now
     * @param configurationIndex where in the log this node became the only member; -1: another node's replica went on
     */
    record Succession(UUID group, UUID successor, long configurationIndex) {
        static Succession elsewhere(UUID group, UUID successor) {
            return new Succession(group, successor, SUPERSEDED);
        }

        /** Whether it is this node's replica that went on. */
        boolean here() {
            return configurationIndex != SUPERSEDED;
        }
    }

    private final Path directory;
    private final Map<UUID, Succession> known = new ConcurrentHashMap<>();

    /** @param directory holds a file for each group that is over */
    Successions(Path directory) throws IOException {
        this.directory = directory;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".new")) {
                    String[] fields = Files.readString(file).trim().split(" ");
                    UUID group = UUID.fromString(name);
                    known.put(group, new Succession(group, UUID.fromString(fields[0]), Long.parseLong(fields[1])));
                }
            }
        }
    }

    Collection<Succession> all() {
        return List.copyOf(known.values());
    }

    Optional<Succession> of(UUID group) {
        return Optional.ofNullable(known.get(group));
    }

    /** Those that went on as this one, at once or by others in between. */
    Set<UUID> predecessors(UUID group) {
        Set<UUID> found = new HashSet<>();
        for (Succession succession : known.values()) {
            for (Succession at = succession; at != null; at = known.get(at.successor())) {
                if (at.successor().equals(group)) {
                    found.add(succession.group());
                    break;
                }
            }
        }
        return found;
    }

    /** On the disk when this returns. */
    synchronized void record(Succession succession) throws IOException {
        DurableFiles.write(
                directory.resolve(succession.group().toString()),
                succession.successor() + " " + succession.configurationIndex() + "\n");
        known.put(succession.group(), succession);
    }

    /** What a group is called when it goes on with one member's replica: the same each time, and another for each member. */
    static UUID successorOf(UUID group, String nodeId) {
        return UUID.nameUUIDFromBytes(("recovered/" + group + "/" + nodeId).getBytes(StandardCharsets.UTF_8));
    }

    static ByteString bytes(UUID group) {
        return ByteString.copyFrom(ByteBuffer.allocate(16)
                .putLong(group.getMostSignificantBits())
                .putLong(group.getLeastSignificantBits())
                .flip());
    }

    static UUID group(ByteString bytes) {
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
