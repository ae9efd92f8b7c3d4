package io.moorage.api.s3.object;

import io.moorage.api.http.BulkInputStream;
import io.moorage.client.EntryReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A part of an entry as a stream that is read: a few megabytes at a time. Not thread-safe; closing it leaves the reader open. */
public final class RangeInputStream extends BulkInputStream {
    private static final int WINDOW = 4 << 20;

    private final EntryReader reader;
    private final long end;
    private long next;
    private byte[] window = new byte[0];
    private int position;

    /** @param offset of the first byte, @param length how many */
    public RangeInputStream(EntryReader reader, long offset, long length) {
        this.reader = reader;
        this.next = offset;
        this.end = offset + length;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == window.length && !fill()) {
            return -1;
        }
        int n = Math.min(length, window.length - position);
        System.arraycopy(window, position, bytes, offset, n);
        position += n;
        return n;
    }

    private boolean fill() throws IOException {
        if (next == end) {
            return false;
        }
        int size = (int) Math.min(WINDOW, end - next);
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        reader.transferTo(next, size, out);
        window = out.toByteArray();
        position = 0;
        next += size;
        return true;
    }
}
