package io.moorage.node.extent;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes that go to the disk past the page cache ({@code O_DIRECT}): of whole pages, from aligned memory, at aligned places. What
 * is synced at once anyway is then not copied, kept, and written back by the kernel first.
 */
final class DirectWrites {
    /** Of places, lengths and memory, in bytes. */
    static final int PAGE_BYTES = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(DirectWrites.class);

    private DirectWrites() {}

    /** Whether the file system of a directory does them. Tries one. */
    static boolean work(Path directory) throws IOException {
        Path probe = directory.resolve("direct-writes.probe");
        Files.deleteIfExists(probe);
        Files.createFile(probe);
        try (FileChannel channel = open(probe)) {
            long block = Files.getFileStore(probe).getBlockSize();
            if (PAGE_BYTES % block != 0) {
                LOG.info("extents in {} are written through the page cache: blocks are of {} bytes", directory, block);
                return false;
            }
            channel.write(buffer(PAGE_BYTES), 0);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            if (NoSpace.isReason(e)) {
                return true;
            }
            LOG.info("extents in {} are written through the page cache: {}", directory, e.toString());
            return false;
        } finally {
            Files.deleteIfExists(probe);
        }
    }

    static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
    }

    /** Aligned memory outside the heap, zeros. @param bytes a multiple of {@link #PAGE_BYTES} */
    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes + PAGE_BYTES)
                .alignedSlice(PAGE_BYTES)
                .limit(bytes)
                .slice();
    }

    static long roundUp(long bytes) {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    }

    static long roundDown(long bytes) {
        return bytes / PAGE_BYTES * PAGE_BYTES;
    }
}
