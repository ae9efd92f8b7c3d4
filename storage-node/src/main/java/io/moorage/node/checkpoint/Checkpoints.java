package io.moorage.node.checkpoint;

import io.moorage.node.replica.Directories;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.GroupStore;
import io.moorage.protocol.v1.CheckpointFile;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints that other members are copying. Each holds disk space as the state it was made from changes, so one that nobody
 * reads for ten minutes is dropped, and there are few at a time. Thread-safe.
 */
public final class Checkpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    private static final int MAX_OPEN = 4;
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Path directory;
    private final Map<String, Checkpoint> open = new ConcurrentHashMap<>();

    /** A copy of a group's state that does not change. */
    public static final class Checkpoint {
        private final String id;
        private final Path directory;
        private final GroupStore.Position position;
        private final List<CheckpointFile> files;
        private volatile long lastUsedNanos = System.nanoTime();

        Checkpoint(String id, Path directory, GroupStore.Position position, List<CheckpointFile> files) {
            this.id = id;
            this.directory = directory;
            this.position = position;
            this.files = files;
        }

        public String id() {
            return id;
        }

        public GroupStore.Position position() {
            return position;
        }

        public List<CheckpointFile> files() {
            return files;
        }
    }

    /** @param directory on the same file system as the states; emptied */
    public Checkpoints(Path directory) throws IOException {
        this.directory = directory;
        Directories.delete(directory);
        Files.createDirectories(directory);
    }

    public Checkpoint make(Replica replica, long minIndex) throws IOException {
        if (open.size() >= MAX_OPEN) {
            throw NodeErrors.slowDown("this node is giving out " + MAX_OPEN + " copies of states already", 2000);
        }
        String id = UUID.randomUUID().toString();
        Path target = directory.resolve(id);
        GroupStore.Position position = replica.checkpoint(target);
        if (position.index() < minIndex) {
            Directories.delete(target);
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "this replica is at log index " + position.index() + ", and " + minIndex + " is needed");
        }
        Checkpoint checkpoint = new Checkpoint(id, target, position, describe(target));
        open.put(id, checkpoint);
        LOG.info("checkpoint {} of group {} at index {}", id, replica.group(), position.index());
        return checkpoint;
    }

    /** @throws NodeErrors.CallException NOT_FOUND */
    public Path file(String id, String name) {
        Checkpoint checkpoint = open.get(id);
        if (checkpoint == null
                || checkpoint.files.stream().noneMatch(f -> f.getName().equals(name))) {
            throw NodeErrors.refused(
                    ErrorCode.ERROR_CODE_NOT_FOUND, "there is no file " + name + " in checkpoint " + id);
        }
        checkpoint.lastUsedNanos = System.nanoTime();
        return checkpoint.directory.resolve(name);
    }

    public void close(String id) throws IOException {
        Checkpoint checkpoint = open.remove(id);
        if (checkpoint != null) {
            Directories.delete(checkpoint.directory);
        }
    }

    /** Drops those that nobody reads; called now and then. */
    public void dropIdle() throws IOException {
        for (Checkpoint checkpoint : List.copyOf(open.values())) {
            if (System.nanoTime() - checkpoint.lastUsedNanos > IDLE_NANOS) {
                close(checkpoint.id);
            }
        }
    }

    @Override
    public void close() throws IOException {
        open.clear();
        Directories.delete(directory);
    }

    private static List<CheckpointFile> describe(Path directory) throws IOException {
        List<CheckpointFile> files = new ArrayList<>();
        try (var paths = Files.list(directory)) {
            for (Path path : paths.sorted().toList()) {
                String name = path.getFileName().toString();
                if (name.equals("LOCK") || name.startsWith("LOG") || !Files.isRegularFile(path)) {
                    continue;
                }
                files.add(CheckpointFile.newBuilder()
                        .setName(name)
                        .setSize(Files.size(path))
                        .setCrc32C(checksum(path))
                        .build());
            }
        }
        return files;
    }

    private static int checksum(Path path) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[256 * 1024];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        }
        return (int) crc.getValue();
    }
}
