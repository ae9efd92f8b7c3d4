package io.moorage.node.extent;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The bytes of headers, tables and footers: see the package's description. */
final class ExtentFormat {
    static final int BLOCK_BYTES = 64 * 1024;
    static final int MAX_CAPACITY = 4 * 1024 * 1024;
    static final int HEADER_BYTES = 64;
    /** Of the data from the header. */
    static final int DATA_OFFSET = DirectWrites.PAGE_BYTES;

    static final int FOOTER_BYTES = 20;

    private static final int HEADER_MAGIC = 0x4d455831;
    private static final int FOOTER_MAGIC = 0x4d455846;

    private ExtentFormat() {}

    record Header(ExtentKey key, int capacity, long createdMs) {}

    record Footer(int length, int crc32c, int tableCrc32c) {}

    static int blocks(int bytes) {
        return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /** Bytes in the file that an extent of this capacity takes: whole pages. */
    static long recordBytes(int capacity) {
        return DirectWrites.roundUp(trailerOffset(capacity) + trailerBytes(capacity));
    }

    /** Of the table and the footer from the header. */
    static long trailerOffset(int capacity) {
        return (long) DATA_OFFSET + capacity;
    }

    static int trailerBytes(int capacity) {
        return 4 * blocks(capacity) + FOOTER_BYTES;
    }

    static ByteBuffer header(ExtentKey key, int capacity, long createdMs) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES);
        buffer.putInt(HEADER_MAGIC)
                .putInt(capacity)
                .putLong(key.volume())
                .putLong(key.high())
                .putLong(key.low())
                .putLong(createdMs);
        buffer.position(HEADER_BYTES - 4);
        buffer.putInt(crc(buffer, 0, HEADER_BYTES - 4));
        return buffer.flip();
    }

    /** Null: there is no header here. */
    static Header parseHeader(ByteBuffer buffer) {
        if (buffer.remaining() < HEADER_BYTES
                || buffer.getInt(0) != HEADER_MAGIC
                || buffer.getInt(HEADER_BYTES - 4) != crc(buffer, 0, HEADER_BYTES - 4)) {
            return null;
        }
        return new Header(
                new ExtentKey(buffer.getLong(8), buffer.getLong(16), buffer.getLong(24)),
                buffer.getInt(4),
                buffer.getLong(32));
    }

    static ByteBuffer trailer(int capacity, int[] blockCrcs, int length, int crc32c) {
        int tableBytes = 4 * blocks(capacity);
        ByteBuffer buffer = ByteBuffer.allocate(tableBytes + FOOTER_BYTES);
        for (int i = 0; i < blocks(length); i++) {
            buffer.putInt(blockCrcs[i]);
        }
        buffer.position(tableBytes);
        buffer.putInt(FOOTER_MAGIC).putInt(length).putInt(crc32c).putInt(crc(buffer, 0, tableBytes));
        buffer.putInt(crc(buffer, tableBytes, 16));
        return buffer.flip();
    }

    /** Null: the extent was never finished, or its trailer is damaged. */
    static Footer parseTrailer(ByteBuffer buffer, int capacity) {
        int tableBytes = 4 * blocks(capacity);
        if (buffer.remaining() < tableBytes + FOOTER_BYTES
                || buffer.getInt(tableBytes) != FOOTER_MAGIC
                || buffer.getInt(tableBytes + 16) != crc(buffer, tableBytes, 16)
                || buffer.getInt(tableBytes + 12) != crc(buffer, 0, tableBytes)) {
            return null;
        }
        return new Footer(buffer.getInt(tableBytes + 4), buffer.getInt(tableBytes + 8), buffer.getInt(tableBytes + 12));
    }

    /** CRC32C of each block of what remains in the buffer. */
    static int[] blockCrcs(ByteBuffer bytes) {
        int[] crcs = new int[blocks(bytes.remaining())];
        for (int i = 0; i < crcs.length; i++) {
            int from = i * BLOCK_BYTES;
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(bytes.position() + from, Math.min(BLOCK_BYTES, bytes.remaining() - from)));
            crcs[i] = (int) crc.getValue();
        }
        return crcs;
    }

    private static int crc(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().clear().slice(from, length));
        return (int) crc.getValue();
    }
}
