package io.moorage.api.s3.encryption;

import io.moorage.client.EntryReader;
import io.moorage.protocol.v1.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** Reads a sealed entry as the bytes that were put: offsets and lengths are of those. Not thread-safe. */
final class OpeningReader implements EntryReader {
    private final EntryReader stored;
    private final ObjectKey key;
    private final List<Long> sizes;

    OpeningReader(EntryReader stored, ObjectKey key, List<Long> sizes) {
        this.stored = stored;
        this.key = key;
        this.sizes = List.copyOf(sizes);
    }

    @Override
    public Entry entry() {
        return stored.entry();
    }

    @Override
    public void transferTo(long offset, long length, OutputStream out) throws IOException {
        long size = sizes.stream().mapToLong(Long::longValue).sum();
        if (offset < 0 || length < 0 || offset + length > size) {
            throw new IndexOutOfBoundsException(
                    "bytes " + offset + " to " + (offset + length) + " of an object of " + size);
        }
        Position first = position(offset);
        Position last = position(Math.max(offset, offset + length - 1));
        byte[] salt = null;
        long from = first.sealedStart();
        if (first.place().segment() > 0) {
            ByteArrayOutputStream header = new ByteArrayOutputStream(Segments.HEADER);
            stored.transferTo(first.streamStart(), Segments.HEADER, header);
            salt = header.toByteArray();
        } else {
            from = first.streamStart();
        }
        OpeningOutputStream opening =
                new OpeningOutputStream(out, key, sizes, first.place(), salt, first.inSegment(), length);
        stored.transferTo(from, last.sealedEnd() - from, opening);
    }

    /**
     * Where a byte is.
     *
     * @param streamStart of its stream, sealed
     * @param sealedStart of its segment
     * @param sealedEnd of its segment
     * @param inSegment its offset in the segment, opened
     */
    private record Position(
            OpeningOutputStream.Place place, long streamStart, long sealedStart, long sealedEnd, long inSegment) {}

    private Position position(long offset) {
        long before = 0;
        long streamStart = 0;
        int stream = 0;
        while (stream < sizes.size() - 1 && offset >= before + sizes.get(stream)) {
            before += sizes.get(stream);
            streamStart += Segments.sealedSize(sizes.get(stream));
            stream++;
        }
        long size = sizes.get(stream);
        long inStream = Math.min(offset - before, size);
        long segment = Math.min(inStream / Segments.PLAIN, Segments.count(size) - 1);
        long start = streamStart + Segments.HEADER + segment * Segments.SEALED;
        long end = start + Math.min(Segments.PLAIN, size - segment * Segments.PLAIN) + Segments.TAG;
        return new Position(
                new OpeningOutputStream.Place(stream, segment),
                streamStart,
                start,
                end,
                inStream - segment * Segments.PLAIN);
    }

    @Override
    public void close() {
        stored.close();
    }
}
