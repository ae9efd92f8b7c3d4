package io.moorage.node.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/** Directories with all that is in them. */
public final class Directories {
    private Directories() {}

    /** Deletes it with all that is in it; it need not exist. */
    public static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var entries = Files.walk(directory)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(entry);
                }
            }
        }
    }
}
