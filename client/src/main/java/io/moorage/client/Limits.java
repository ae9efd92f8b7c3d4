package io.moorage.client;

import java.time.Duration;

/** Sizes that decide how bytes travel. */
public final class Limits {
    /** Content up to this rides in the log entry itself and is kept in the replicated store. */
    public static final int INLINE_MAX_BYTES = 64 * 1024;

    /** Larger content is cut into extents of at most this. */
    public static final int EXTENT_BYTES = 4 * 1024 * 1024;

    /** Blocks that checksums are made of. */
    public static final int BLOCK_BYTES = 64 * 1024;

    /** Bytes that travel in one message. */
    public static final int CHUNK_BYTES = 512 * 1024;

    /** What a reader's memory for bytes that are on their way is counted in. */
    public static final int READ_PIECE_BYTES = 512 * 1024;

    /** How long a reader waits for memory to read into. */
    public static final Duration READ_PATIENCE = Duration.ofSeconds(15);

    /** An entry has at most this many extents. */
    public static final int MAX_EXTENTS = 65_536;

    /** Entries larger than this are pinned while they are read. */
    public static final long PIN_ABOVE_BYTES = 32L * 1024 * 1024;

    private Limits() {}
}
