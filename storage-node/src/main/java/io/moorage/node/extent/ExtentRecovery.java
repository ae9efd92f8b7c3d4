package io.moorage.node.extent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when a store is opened: files that were not sealed are walked from header to header, what the index forgot is put
 * back, and what it names but is not there in full is taken out. All files are sealed then; new extents go to new files, so that
 * a torn tail is never written over.
 */
final class ExtentRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentRecovery.class);

    private record FileId(long volume, long file) {}

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
        Map<FileId, Long> sizes = new HashMap<>();
        List<Path> suspects = new ArrayList<>();
        for (Path volumeDirectory : list(directory.resolve("volumes"))) {
            long volume = Long.parseUnsignedLong(volumeDirectory.getFileName().toString(), 16);
            for (Path file : list(volumeDirectory)) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".ext")) {
                    continue;
                }
                long number = Long.parseLong(name.substring(0, name.length() - 4));
                highest = Math.max(highest, number);
                long size = Files.size(file);
                sizes.put(new FileId(volume, number), size);
                ledger.found(volume, number, size);
                boolean suspect = SuspectFiles.isMarked(file);
                if (suspect) {
                    suspects.add(file);
                }
                if (suspect || !index.isSealed(volume, number)) {
                    walk(file, volume, number, suspect);
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
        for (Path file : suspects) {
            SuspectFiles.unmark(file);
        }
        count(sizes);
        return highest;
    }

    /** Counts what is live, and takes out what ends behind the end of its file. */
    private void count(Map<FileId, Long> sizes) throws IOException {
        AtomicLong lost = new AtomicLong();
        try {
            index.forEach((key, location) -> {
                long size = sizes.getOrDefault(new FileId(key.volume(), location.file()), 0L);
                if (location.offset() + location.recordBytes() <= size) {
                    ledger.live(key.volume(), location.file(), location.recordBytes());
                    return true;
                }
                try {
                    index.delete(key);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                lost.incrementAndGet();
                return true;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (lost.get() > 0) {
            LOG.warn("{} extents in {} end behind the end of their files, and are fetched again", lost, directory);
        }
    }

    private void walk(Path file, long volume, long number, boolean suspect) throws IOException {
        int found = 0;
        int dropped = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long offset = 0;
            while (true) {
                ExtentFormat.Header header = ExtentFormat.parseHeader(read(channel, offset, ExtentFormat.HEADER_BYTES));
                if (header == null || header.capacity() < 1 || header.capacity() > ExtentFormat.MAX_CAPACITY) {
                    break;
                }
                ByteBuffer trailer = read(
                        channel,
                        offset + ExtentFormat.trailerOffset(header.capacity()),
                        ExtentFormat.trailerBytes(header.capacity()));
                ExtentFormat.Footer footer = ExtentFormat.parseTrailer(trailer, header.capacity());
                ExtentLocation known = index.get(header.key());
                boolean good = footer != null && header.key().volume() == volume;
                if (!good && known != null && known.file() == number && known.offset() == offset) {
                    index.delete(header.key());
                    dropped++;
                }
                if (good && known == null && (!suspect || isOnDisk(file, offset, footer))) {
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
        if (dropped > 0) {
            LOG.warn("{} extents of {} are damaged, and are fetched again", dropped, file);
        }
    }

    private static boolean isOnDisk(Path file, long offset, ExtentFormat.Footer footer) {
        return SuspectFiles.isOnDisk(file, offset + ExtentFormat.DATA_OFFSET, footer.length(), footer.crc32c());
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
