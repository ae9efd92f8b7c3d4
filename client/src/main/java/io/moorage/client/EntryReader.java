package io.moorage.client;

import io.moorage.protocol.v1.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/**
 * One version of an entry, open for reading: its bytes stay readable until it is closed, also when the entry is replaced or
 * deleted meanwhile. Every byte is verified against its checksum before it is handed out. Not thread-safe; several may be
 * open at once.
 */
public interface EntryReader extends Closeable {

    /** The entry, extents included. */
    Entry entry();

    /**
     * Writes the bytes [offset, offset + length) to `out`, with bounded memory and a pipeline of reads ahead.
     *
     * @throws MoorageException when no replica can give the bytes
     * @throws IOException only what `out` throws
     * @throws IndexOutOfBoundsException if the range is not within the entry
     */
    void transferTo(long offset, long length, OutputStream out) throws IOException;

    @Override
    void close();
}
