package io.moorage.cli.kubernetes.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Where resources are kept: a file of lines, each with its CRC32C and one change as JSON. It is written anew, and then replaced as
 * a whole, when it has grown. A line that was cut by a crash at the end is left out; damage elsewhere is an error.
 *
 * <p>Many writers share an fsync. Thread-safe.
 */
final class Journal implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHECKSUM = 8;

    private final Path file;
    private FileChannel channel;
    private long size;
    private long appended;
    private long forced;
    private boolean forcing;

    private Journal(Path file) {
        this.file = file;
    }

    /** Reads what is there. @throws IOException if it is damaged, or cannot be read */
    static Journal open(Path file, Consumer<JsonNode> each) throws IOException {
        Files.createDirectories(file.getParent());
        Journal journal = new Journal(file);
        long good = Files.exists(file) ? journal.read(each) : 0;
        journal.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        journal.channel.truncate(good);
        journal.channel.position(good);
        journal.size = good;
        return journal;
    }

    private long read(Consumer<JsonNode> each) throws IOException {
        long total = Files.size(file);
        long good = 0;
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                long end = good + line.getBytes(StandardCharsets.UTF_8).length + 1;
                JsonNode change = parse(line);
                if (change == null || end > total) {
                    if (end < total) {
                        throw new IOException(file + " is damaged at line " + number
                                + ": put a copy of it back, or move it away to begin without resources");
                    }
                    return good;
                }
                each.accept(change);
                good = end;
            }
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IOException(file + " is damaged after line " + number, e);
        }
        return good;
    }

    private static JsonNode parse(String line) {
        if (line.length() <= CHECKSUM || !line.substring(0, CHECKSUM).equals(checksum(line.substring(CHECKSUM)))) {
            return null;
        }
        try {
            return JSON.readTree(line.substring(CHECKSUM));
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /** Adds a change, which a crash of this program does not undo; {@link #force} for those of the machine. @return its number */
    synchronized long append(ObjectNode change) {
        try {
            size += write(channel, change);
            return ++appended;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private static int write(FileChannel channel, ObjectNode change) throws IOException {
        String json = JSON.writeValueAsString(change);
        ByteBuffer line = ByteBuffer.wrap((checksum(json) + json + "\n").getBytes(StandardCharsets.UTF_8));
        int length = line.remaining();
        while (line.hasRemaining()) {
            channel.write(line);
        }
        return length;
    }

    /** Returns when a change is on the disk. */
    void force(long number) {
        FileChannel target;
        long upTo;
        synchronized (this) {
            while (forcing && forced < number) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while a resource was written", e);
                }
            }
            if (forced >= number) {
                return;
            }
            forcing = true;
            upTo = appended;
            target = channel;
        }
        boolean done = false;
        try {
            target.force(false);
            done = true;
        } catch (java.nio.channels.ClosedChannelException e) {
            // Replaced by a whole new file meanwhile, which was forced.
            done = true;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        } finally {
            synchronized (this) {
                forcing = false;
                forced = done ? Math.max(forced, upTo) : forced;
                notifyAll();
            }
        }
    }

    synchronized long size() {
        return size;
    }

    /** Replaces everything. */
    synchronized void rewrite(Iterable<ObjectNode> changes) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        List<FileChannel> opened = new ArrayList<>();
        try {
            FileChannel next = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            opened.add(next);
            long written = 0;
            for (ObjectNode change : changes) {
                written += write(next, change);
            }
            next.force(true);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            FileChannel old = channel;
            channel = next;
            size = written;
            forced = appended;
            opened.clear();
            old.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written anew", e);
        } finally {
            for (FileChannel left : opened) {
                closeQuietly(left);
            }
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // What went wrong before is told.
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.force(true);
        channel.close();
    }
}
