package io.moorage.node.extent;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Extent files that could not be synced. The operating system then shows what was written, whether it is on the disk or not
 * (Rebello et al., "Can Applications Recover from fsync Failures?", 2020), so that what was not acknowledged before is believed
 * only from the disk itself. The mark need not be durable: it matters for as long as that memory lives.
 */
final class SuspectFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SuspectFiles.class);
    private static final String SUFFIX = ".suspect";

    private SuspectFiles() {}

    static boolean isMark(Path file) {
        return file.toString().endsWith(SUFFIX);
    }

    static boolean isMarked(Path file) {
        return Files.exists(mark(file));
    }

    static void mark(Path file, Throwable cause) {
        try {
            Files.writeString(mark(file), cause.toString());
        } catch (IOException e) {
            LOG.error("extent file {} could not be synced, and cannot be marked as suspect", file, e);
        }
    }

    static void unmark(Path file) throws IOException {
        Files.deleteIfExists(mark(file));
    }

    private static Path mark(Path file) {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }

    /** Whether the disk itself, past all caches, has these bytes. False also if it cannot be asked like this. */
    static boolean isOnDisk(Path file, long offset, int length, int expectedCrc) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT)) {
            int block = (int) Files.getFileStore(file).getBlockSize();
            long from = offset - offset % block;
            int bytes = (int) (offset - from) + length;
            int padded = (bytes + block - 1) / block * block;
            ByteBuffer buffer = ByteBuffer.allocateDirect(padded + block).alignedSlice(block);
            buffer.limit(padded);
            while (buffer.position() < bytes) {
                int read = channel.read(buffer, from + buffer.position());
                if (read <= 0 || buffer.position() < bytes && buffer.position() % block != 0) {
                    return false;
                }
            }
            CRC32C crc = new CRC32C();
            crc.update(buffer.flip().position((int) (offset - from)).limit(bytes));
            return (int) crc.getValue() == expectedCrc;
        } catch (IOException | UnsupportedOperationException e) {
            LOG.info("extent file {} cannot be read past the caches: {}", file, e.toString());
            return false;
        }
    }
}
