package io.moorage.node.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How keys of the store's families are put together. Numbers are big-endian, so that byte order is number order. */
final class Keys {
    static final byte[] APPLIED = ascii("applied");
    static final byte[] FORMAT = ascii("format");
    static final byte[] SWEEP = ascii("sweep");
    static final byte[] VOLUME_FROM = ascii("volume/");
    static final byte[] VOLUME_TO = ascii("volume0");
    static final byte[] PREDECESSOR_FROM = ascii("predecessor/");
    static final byte[] PREDECESSOR_TO = ascii("predecessor0");

    /** After all keys of any family. */
    static final byte[] END = end();

    private static final byte[] FEED_VALUES = ascii("feed/");
    private static final byte[] VERSIONING = ascii("versioning/");

    private Keys() {}

    static byte[] volume(long id) {
        return ByteBuffer.allocate(VOLUME_FROM.length + 8)
                .put(VOLUME_FROM)
                .putLong(id)
                .array();
    }

    /** @param group 16 bytes */
    static byte[] predecessor(byte[] group) {
        return ByteBuffer.allocate(PREDECESSOR_FROM.length + 16)
                .put(PREDECESSOR_FROM)
                .put(group)
                .array();
    }

    static byte[] groupOfPredecessor(byte[] key) {
        return Arrays.copyOfRange(key, PREDECESSOR_FROM.length, key.length);
    }

    static byte[] head(long volume, byte[] key) {
        return ByteBuffer.allocate(8 + key.length).putLong(volume).put(key).array();
    }

    static String keyOfHead(byte[] headKey) {
        return new String(headKey, 8, headKey.length - 8, StandardCharsets.UTF_8);
    }

    static byte[] bytesOfHead(byte[] headKey) {
        return Arrays.copyOfRange(headKey, 8, headKey.length);
    }

    /** Keys hold no NUL, so it ends them; versions count down, so that the newest comes first. */
    static byte[] history(long volume, byte[] key, long version) {
        return ByteBuffer.allocate(8 + key.length + 1 + 8)
                .putLong(volume)
                .put(key)
                .put((byte) 0)
                .putLong(~version)
                .array();
    }

    static byte[] bytesOfHistory(byte[] historyKey) {
        return Arrays.copyOfRange(historyKey, 8, historyKey.length - 9);
    }

    static String keyOfHistory(byte[] historyKey) {
        return new String(bytesOfHistory(historyKey), StandardCharsets.UTF_8);
    }

    static long versionOfHistory(byte[] historyKey) {
        return ~ByteBuffer.wrap(historyKey).getLong(historyKey.length - 8);
    }

    /** Where the null version of a key is noted among its versions: after all of them. */
    static byte[] nullVersion(long volume, byte[] key) {
        return history(volume, key, 0);
    }

    static boolean isHidden(byte[] key) {
        return key.length > 0 && key[0] == KeyRules.HIDDEN;
    }

    /** The first key of a volume that is not hidden. */
    static byte[] visibleFrom(long volume) {
        return head(volume, new byte[] {KeyRules.HIDDEN + 1});
    }

    /** The versioning state of a top-level directory. */
    static byte[] versioning(long volume, String directory) {
        byte[] bytes = utf8(directory);
        return ByteBuffer.allocate(VERSIONING.length + 8 + bytes.length)
                .put(VERSIONING)
                .putLong(volume)
                .put(bytes)
                .array();
    }

    static String directoryOfVersioning(byte[] key) {
        int start = VERSIONING.length + 8;
        return new String(key, start, key.length - start, StandardCharsets.UTF_8);
    }

    static long volumeOf(byte[] key) {
        return ByteBuffer.wrap(key).getLong(0);
    }

    static byte[] extent(long volume, long high, long low) {
        return ByteBuffer.allocate(24)
                .putLong(volume)
                .putLong(high)
                .putLong(low)
                .array();
    }

    static byte[] session(long high, long low, int slot) {
        return ByteBuffer.allocate(20).putLong(high).putLong(low).putInt(slot).array();
    }

    /** Inline extents that were released by a version, and that nothing but the change feed keeps. */
    static byte[] feedValues(long volume, long version) {
        return ByteBuffer.allocate(FEED_VALUES.length + 16)
                .put(FEED_VALUES)
                .putLong(volume)
                .putLong(version)
                .array();
    }

    static long versionOfFeedValues(byte[] key) {
        return ByteBuffer.wrap(key).getLong(FEED_VALUES.length + 8);
    }

    static byte[] change(long volume, long version, int ordinal) {
        return ByteBuffer.allocate(20)
                .putLong(volume)
                .putLong(version)
                .putInt(ordinal)
                .array();
    }

    static long versionOfChange(byte[] key) {
        return ByteBuffer.wrap(key).getLong(8);
    }

    static int ordinalOfChange(byte[] key) {
        return ByteBuffer.wrap(key).getInt(16);
    }

    static byte[] lease(long volume, long id) {
        return ByteBuffer.allocate(16).putLong(volume).putLong(id).array();
    }

    static byte[] leaseKey(long volume, long id, byte[] key) {
        return ByteBuffer.allocate(17 + key.length)
                .putLong(volume)
                .putLong(id)
                .put((byte) 1)
                .put(key)
                .array();
    }

    static String text(byte[] key) {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** The first key of a volume in any family that is keyed by volume. */
    static byte[] from(long volume) {
        return ByteBuffer.allocate(8).putLong(volume).array();
    }

    /** The first key after a volume. */
    static byte[] to(long volume) {
        return from(volume + 1);
    }

    /** The first key after all that start with this prefix. */
    static byte[] after(byte[] prefix) {
        byte[] bytes = prefix.clone();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] != (byte) 0xff) {
                bytes[i]++;
                return Arrays.copyOf(bytes, i + 1);
            }
        }
        throw new IllegalArgumentException("there is no key after this prefix");
    }

    private static byte[] end() {
        byte[] end = new byte[32];
        Arrays.fill(end, (byte) 0xff);
        return end;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
