package io.moorage.node.extent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Reads a range of one extent, every block verified before a byte of it is given out. */
public final class ExtentReader {
    /** Gets verified bytes in order. */
    public interface Sink {
        /** The buffer is the sink's to keep. */
        void accept(ByteBuffer bytes) throws IOException;
    }

    private static final int CHUNK_BYTES = 8 * ExtentFormat.BLOCK_BYTES;

    private final FileChannel channel;
    private final ExtentKey key;
    private final ExtentLocation location;

    ExtentReader(FileChannel channel, ExtentKey key, ExtentLocation location) {
        this.channel = channel;
        this.key = key;
        this.location = location;
    }

    void read(int offset, int length, Sink sink) throws IOException {
        if (offset < 0 || length < 1 || (long) offset + length > location.length()) {
            throw new ExtentException(
                    ExtentException.Reason.INVALID,
                    "extent " + key + " has " + location.length() + " bytes; " + length + " at " + offset
                            + " are not within it",
                    null);
        }
        ByteBuffer trailer = fill(
                location.offset() + ExtentFormat.trailerOffset(location.capacity()),
                ExtentFormat.trailerBytes(location.capacity()));
        ExtentFormat.Footer footer = ExtentFormat.parseTrailer(trailer, location.capacity());
        if (footer == null || footer.length() != location.length()) {
            throw corrupt("its trailer is damaged");
        }
        int end = offset + length;
        int from = offset - offset % ExtentFormat.BLOCK_BYTES;
        while (from < end) {
            int to = Math.min(from + CHUNK_BYTES, location.length());
            if (to > end) {
                to = Math.min(location.length(), roundUp(end));
            }
            ByteBuffer chunk = fill(location.offset() + ExtentFormat.DATA_OFFSET + from, to - from);
            verify(chunk, from, trailer);
            chunk.limit(Math.min(to, end) - from).position(Math.max(0, offset - from));
            sink.accept(chunk);
            from = to;
        }
    }

    private static int roundUp(int bytes) {
        return ExtentFormat.blocks(bytes) * ExtentFormat.BLOCK_BYTES;
    }

    private void verify(ByteBuffer chunk, int from, ByteBuffer table) throws ExtentException {
        for (int position = 0; position < chunk.limit(); position += ExtentFormat.BLOCK_BYTES) {
            int block = (from + position) / ExtentFormat.BLOCK_BYTES;
            CRC32C crc = new CRC32C();
            crc.update(chunk.array(), position, Math.min(ExtentFormat.BLOCK_BYTES, chunk.limit() - position));
            if ((int) crc.getValue() != table.getInt(4 * block)) {
                throw corrupt("block " + block + " does not have its checksum");
            }
        }
    }

    private ByteBuffer fill(long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw corrupt("the file ends within it");
            }
        }
        return buffer.flip();
    }

    private ExtentException corrupt(String why) {
        return new ExtentException(
                ExtentException.Reason.CORRUPT,
                "extent " + key + " in file " + location.file() + " at " + location.offset() + ": " + why,
                null);
    }
}
