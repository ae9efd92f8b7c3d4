package io.moorage.node.extent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** How extent files are made durable. Implementations are thread-safe. */
@FunctionalInterface
public interface Disk {
    /** As the operating system does it. */
    Disk SYSTEM = (file, channel) -> channel.force(false);

    /** Makes everything that was written to the file durable. After an exception that is unknown, and stays so. */
    void sync(Path file, FileChannel channel) throws IOException;
}
