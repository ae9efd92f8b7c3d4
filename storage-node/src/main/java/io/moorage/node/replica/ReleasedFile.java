package io.moorage.node.replica;

import io.moorage.node.extent.ExtentKey;
import io.moorage.node.identity.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The extents that wait to be freed while a replica is closed. Without it they would look like uploads that are not committed yet,
 * and stay for as long as these may. What it says is checked against the state before anything is freed.
 */
final class ReleasedFile {
    private static final Logger LOG = LoggerFactory.getLogger(ReleasedFile.class);
    private static final int KEY_BYTES = 3 * Long.BYTES;

    private ReleasedFile() {}

    /** Where there is none; nothing is written if there are no keys. */
    static void write(Path file, Collection<ExtentKey> keys) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(keys.size() * KEY_BYTES);
        keys.forEach(key -> bytes.putLong(key.volume()).putLong(key.high()).putLong(key.low()));
        DurableFiles.write(file, bytes.array());
    }

    /** What was written, once: the file is gone then. Empty if there is none, or it cannot be read. */
    static List<ExtentKey> take(Path file) {
        List<ExtentKey> keys = new ArrayList<>();
        try {
            if (Files.exists(file)) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
                while (bytes.remaining() >= KEY_BYTES) {
                    keys.add(new ExtentKey(bytes.getLong(), bytes.getLong(), bytes.getLong()));
                }
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read; what it names is freed when no upload can be using it any more", file, e);
        }
        return keys;
    }
}
