package io.moorage.node.extent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes of an extent on their way to its file, in memory that whole pages can be written from. It is the thread's: good for one
 * call, until the next one is made.
 */
final class StagedPages {
    /** Of data, at the most. */
    static final int MAX_BYTES = 1 << 20;

    private static final int PAGE = DirectWrites.PAGE_BYTES;
    private static final byte[] ZEROS = new byte[PAGE];

    /** Writers are few. Room for what was left of the last pages, the data, a gap of less than a page, and a trailer. */
    private static final ThreadLocal<ByteBuffer> MEMORY =
            ThreadLocal.withInitial(() -> DirectWrites.buffer(MAX_BYTES + 4 * PAGE));

    private final long start;
    private final ByteBuffer buffer;

    private StagedPages(long start, ByteBuffer buffer) {
        this.start = start;
        this.buffer = buffer;
    }

    /**
     * @param position in the file, of the first byte; a multiple of a page
     * @param first less than a page
     */
    static StagedPages of(long position, byte[] first) {
        return new StagedPages(position, MEMORY.get().clear().put(first));
    }

    /** The same bytes in here. */
    ByteBuffer append(List<ByteBuffer> data) {
        int from = buffer.position();
        data.forEach(each -> buffer.put(each.duplicate()));
        return buffer.slice(from, buffer.position() - from);
    }

    /** What does not fill a page is not written. @return that */
    byte[] writeWholePages(ExtentFile file) throws IOException {
        int whole = (int) DirectWrites.roundDown(buffer.position());
        byte[] rest = new byte[buffer.position() - whole];
        buffer.get(whole, rest);
        if (whole > 0) {
            file.writePages(buffer.slice(0, whole), start);
        }
        return rest;
    }

    /** Writes everything, and a trailer behind it. @param at where, in the file */
    void writeWith(ByteBuffer trailer, long at, ExtentFile file) throws IOException {
        long first = start;
        long page = DirectWrites.roundDown(at);
        if (page > start + buffer.position()) {
            // Nothing was written up to there.
            writePadded(file, first);
            buffer.clear();
            first = page;
        }
        buffer.put(ZEROS, 0, (int) (at - first) - buffer.position());
        buffer.put(trailer);
        writePadded(file, first);
    }

    private void writePadded(ExtentFile file, long at) throws IOException {
        buffer.put(ZEROS, 0, (int) DirectWrites.roundUp(buffer.position()) - buffer.position());
        if (buffer.position() > 0) {
            file.writePages(buffer.slice(0, buffer.position()), at);
        }
    }
}
