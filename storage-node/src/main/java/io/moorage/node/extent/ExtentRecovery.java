package io.moorage.node.extent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when a store is opened: files that were not sealed are walked from header to header and what the index forgot is
 * put back. All files are sealed then; new extents go to new files, so that a torn tail is never written over.
 */
final class ExtentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentRecovery.class);

    private final Path directory;
    private final ExtentIndex index;
    private final SpaceLedger ledger;

    ExtentRecovery(Path directory, ExtentIndex index, SpaceLedger ledger) {
        this.directory = directory;
        this.index = index;
        this.ledger = ledger;
    }

    /** The highest number of any file. */
    long run() throws IOException {
        long highest = 0;
        boolean any = false;
        for (Path volumeDirectory : list(directory.resolve("volumes"))) {
            long volume = Long.parseUnsignedLong(volumeDirectory.getFileName().toString(), 16);
            for (Path file : list(volumeDirectory)) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".ext")) {
                    continue;
                }
                long number = Long.parseLong(name.substring(0, name.length() - 4));
                highest = Math.max(highest, number);
                ledger.found(volume, number, Files.size(file));
                if (!index.isSealed(volume, number)) {
                    walk(file, volume, number);
                    any = true;
                }
            }
        }
        if (any) {
            // Entries first, seals after: a seal that is durable says that the entries are.
            index.flush();
            for (SpaceLedger.Usage usage : ledger.usages()) {
                index.putSealed(usage.volume(), usage.file());
            }
        }
        index.forEach((key, location) -> {
            ledger.live(key.volume(), location.file(), location.recordBytes());
            return true;
        });
        return highest;
    }

    private void walk(Path file, long volume, long number) throws IOException {
        int found = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long offset = 0;
            while (true) {
                ExtentFormat.Header header = ExtentFormat.parseHeader(read(channel, offset, ExtentFormat.HEADER_BYTES));
                if (header == null || header.capacity() < 1 || header.capacity() > ExtentFormat.MAX_CAPACITY) {
                    break;
                }
                ByteBuffer trailer = read(
                        channel,
                        offset + ExtentFormat.HEADER_BYTES + header.capacity(),
                        ExtentFormat.trailerBytes(header.capacity()));
                ExtentFormat.Footer footer = ExtentFormat.parseTrailer(trailer, header.capacity());
                if (footer != null && header.key().volume() == volume && index.get(header.key()) == null) {
                    index.put(
                            header.key(),
                            new ExtentLocation(
                                    number,
                                    offset,
                                    header.capacity(),
                                    footer.length(),
                                    footer.crc32c(),
                                    header.createdMs()));
                    found++;
                }
                offset += ExtentFormat.recordBytes(header.capacity());
            }
        }
        if (found > 0) {
            LOG.info("{} extents of {} put back into the index", found, file);
        }
    }

    /** As many bytes as there are. */
    private static ByteBuffer read(FileChannel channel, long offset, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
            // Until it is full or the file ends.
        }
        return buffer.flip();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }
}
