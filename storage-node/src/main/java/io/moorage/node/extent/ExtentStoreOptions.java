package io.moorage.node.extent;

import java.time.Duration;

/**
 * @param directWrites past the page cache, if the file system can
 * @param fileBytes a file is sealed at this size
 * @param openFiles files kept open for reading, at most
 * @param readerGrace released extents stay readable for this long
 * @param orphanGrace extents that were never named by the state stay for this long after their creation
 */
public record ExtentStoreOptions(
        boolean directWrites, long fileBytes, int openFiles, Duration readerGrace, Duration orphanGrace) {
    public static final ExtentStoreOptions DEFAULT =
            new ExtentStoreOptions(true, 256L << 20, 256, Duration.ofMinutes(10), Duration.ofHours(24));
}
