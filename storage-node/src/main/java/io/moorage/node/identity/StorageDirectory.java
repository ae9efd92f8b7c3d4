package io.moorage.node.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The directory of one storage node, owned (locked) by this process while it is open:
 *
 * <pre>
 * node.json              format version, name, incarnation
 * lock                   held by the owner
 * raft/                  Raft's logs, a directory per group
 * groups/{group}/        state and extents of each replica
 * removed/               replicas on their way out
 * successions/{group}    what a group that lost its majority is called now
 * superseded/{group}/    a replica of such a group that did not go on: kept for whoever wants to look into it
 * </pre>
 */
public final class StorageDirectory implements AutoCloseable {
    /** Version of everything below the directory. A node refuses any other. */
    public static final int FORMAT_VERSION = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;
    private final NodeIdentity identity;
    private final FileChannel lockChannel;

    private StorageDirectory(Path root, NodeIdentity identity, FileChannel lockChannel) {
        this.root = root;
        this.identity = identity;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens the directory, making it (and a new incarnation) if it is empty.
     *
     * @throws DirectoryException if another process owns it, it is another node's, of another version, or not ours
     */
    public static StorageDirectory open(Path root, String nodeName) throws DirectoryException {
        FileChannel lock = null;
        try {
            Files.createDirectories(root);
            lock = lock(root);
            NodeIdentity identity = readOrCreate(root, nodeName);
            Files.createDirectories(root.resolve("raft"));
            Files.createDirectories(root.resolve("groups"));
            Files.createDirectories(root.resolve("removed"));
            Files.createDirectories(root.resolve("successions"));
            Files.createDirectories(root.resolve("superseded"));
            return new StorageDirectory(root, identity, lock);
        } catch (IOException e) {
            closeQuietly(lock);
            throw new DirectoryException("storage directory " + root + " cannot be used: " + e, e);
        } catch (DirectoryException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    public Path root() {
        return root;
    }

    public NodeIdentity identity() {
        return identity;
    }

    public Path raft() {
        return root.resolve("raft");
    }

    public Path removed() {
        return root.resolve("removed");
    }

    /** Holds a file for each group that went on as another one. */
    public Path successions() {
        return root.resolve("successions");
    }

    /** What is left of a group that went on elsewhere as another one. */
    public Path superseded(UUID group) {
        return root.resolve("superseded").resolve(group.toString());
    }

    public Path group(UUID group) {
        return root.resolve("groups").resolve(group.toString());
    }

    /** Bytes that this process may still use on the file system. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    public long capacityBytes() throws IOException {
        return Files.getFileStore(root).getTotalSpace();
    }

    @Override
    public void close() {
        closeQuietly(lockChannel);
    }

    private static FileChannel lock(Path root) throws IOException, DirectoryException {
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another node in this very process: the same answer as for another process.
        }
        if (lock == null) {
            channel.close();
            throw new DirectoryException(
                    "storage directory " + root + " is in use by another storage node; stop that one first", null);
        }
        return channel;
    }

    private static NodeIdentity readOrCreate(Path root, String nodeName) throws IOException, DirectoryException {
        Path file = root.resolve("node.json");
        if (Files.exists(file)) {
            return read(file, nodeName);
        }
        try (var entries = Files.list(root)) {
            boolean foreign = entries.map(p -> p.getFileName().toString())
                    .anyMatch(n -> !n.equals("lock") && !n.equals("lost+found") && !n.equals("node.json.new"));
            if (foreign) {
                throw new DirectoryException(
                        "storage directory " + root + " has files in it but no node.json; it is not a storage node's "
                                + "directory, or it is damaged: choose an empty one",
                        null);
            }
        }
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        NodeIdentity identity = new NodeIdentity(nodeName, HexFormat.of().formatHex(random));
        ObjectNode json = JSON.createObjectNode();
        json.put("formatVersion", FORMAT_VERSION).put("name", nodeName).put("incarnation", identity.incarnation());
        DurableFiles.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        return identity;
    }

    private static NodeIdentity read(Path file, String nodeName) throws IOException, DirectoryException {
        JsonNode json = JSON.readTree(Files.readString(file));
        int version = json.path("formatVersion").asInt(-1);
        if (version != FORMAT_VERSION) {
            throw new DirectoryException(
                    file + " has format version " + version + "; this program reads and writes version "
                            + FORMAT_VERSION,
                    null);
        }
        NodeIdentity identity = new NodeIdentity(
                json.path("name").asText(), json.path("incarnation").asText());
        if (!identity.name().equals(nodeName)) {
            throw new DirectoryException(
                    file.getParent() + " belongs to node '" + identity.name() + "', and this node is '" + nodeName
                            + "': correct node.name or storage.directory",
                    null);
        }
        return identity;
    }

    private static void closeQuietly(FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The lock goes with the process in any case.
            }
        }
    }
}
