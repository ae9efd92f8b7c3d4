package io.moorage.node.store;

import java.time.Duration;

/**
 * Bounds of what a group accepts. They must be the same on all replicas, so they are constants of the format and not
 * configuration.
 */
public final class StoreLimits {
    /** Room for a bucket's name and an S3 key of 1024 bytes, and for what is kept of its uploads. */
    public static final int MAX_KEY_BYTES = 1280;

    public static final int MAX_INLINE_BYTES = 64 * 1024;
    public static final int MAX_EXTENT_BYTES = 4 * 1024 * 1024;
    public static final int MAX_EXTENTS = 65_536;
    public static final int MAX_METADATA_BYTES = 8 * 1024;
    public static final int MAX_ATTRIBUTE_BYTES = 16 * 1024;
    public static final int MAX_CONTENT_TYPE_BYTES = 255;
    public static final int MAX_TREE_ENTRIES = 100_000;
    public static final int MAX_DELETE_TREE = 10_000;
    public static final int MAX_PARTS = 10_000;
    /** Entries in a directory that parts are composed from. */
    public static final int MAX_PARTS_DIRECTORY = 20_000;
    /** Bytes of an entry that is composed: 5 TiB, as an S3 object. */
    public static final long MAX_COMPOSED_BYTES = 5L << 40;
    /** Top-level directories of a volume that keep versions. */
    public static final int MAX_VERSIONED_DIRECTORIES = 10_000;

    public static final int MAX_PIN_NAME = 253;
    public static final int MAX_SWEEP = 10_000;
    public static final int MAX_SESSIONS = 4096;
    /** Of a key that is written by a transaction: it travels in the log, and is kept in the replicated store. */
    public static final int MAX_VALUE_BYTES = 1 << 20;
    /** Values of one transaction together, and those of its answer. */
    public static final int MAX_TRANSACT_BYTES = 4 << 20;

    public static final int MAX_TRANSACT_OPERATIONS = 128;
    public static final long MIN_LEASE_MS = 1000;
    public static final long MAX_LEASE_MS = 24L * 3600 * 1000;
    /** Of a group. */
    public static final int MAX_LEASES = 100_000;
    /** Keys attached to one lease: they are deleted in one step. */
    public static final int MAX_LEASE_KEYS = 10_000;

    public static final int MAX_EXPIRE_LEASES = 1000;
    /** The ids of inline extents have a lower half below this, those of others (drawn at random) never. */
    public static final int INLINE_IDS = 65_536;
    /** Results kept per session; a client has no more requests under way than this. */
    public static final int MAX_RESULTS_PER_SESSION = 8192;

    /** An upload that is committed later than this after it was opened is refused: its extents may be collected. */
    public static final Duration MAX_UPLOAD_TIME = Duration.ofHours(12);

    private StoreLimits() {}

    /** Whether an extent whose id has this lower half is inline. */
    static boolean isInlineId(long low) {
        return Long.compareUnsigned(low, INLINE_IDS) < 0;
    }
}
