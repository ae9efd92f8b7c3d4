package io.moorage.node.extent;

import java.nio.ByteBuffer;

/**
 * Where an extent is.
 *
 * @param file number of the file in the volume's directory
 * @param offset of the header in the file
 * @param capacity bytes reserved for data
 * @param length bytes of data
 * @param crc32c of the data
 */
public record ExtentLocation(long file, long offset, int capacity, int length, int crc32c, long createdMs) {
    static ExtentLocation parse(byte[] value) {
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new ExtentLocation(
                buffer.getLong(),
                buffer.getLong(),
                buffer.getInt(),
                buffer.getInt(),
                buffer.getInt(),
                buffer.getLong());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(36)
                .putLong(file)
                .putLong(offset)
                .putInt(capacity)
                .putInt(length)
                .putInt(crc32c)
                .putLong(createdMs)
                .array();
    }

    long recordBytes() {
        return ExtentFormat.recordBytes(capacity);
    }
}
