package io.moorage.client.transfer;

import io.moorage.protocol.v1.Extent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Cuts ranges of extents into pieces of a bounded number of bytes. For one thread. */
final class PieceCutter implements Iterator<List<Extent>> {
    private final List<Extent> ranges;
    private final int pieceBytes;
    private int range;
    private int inRange;

    PieceCutter(List<Extent> ranges, int pieceBytes) {
        this.ranges = ranges;
        this.pieceBytes = pieceBytes;
    }

    @Override
    public boolean hasNext() {
        return range < ranges.size();
    }

    @Override
    public List<Extent> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Extent> piece = new ArrayList<>();
        int bytes = 0;
        while (bytes < pieceBytes && hasNext()) {
            Extent whole = ranges.get(range);
            int part = Math.min(whole.getLength() - inRange, pieceBytes - bytes);
            piece.add(part(whole, inRange, part));
            bytes += part;
            inRange += part;
            if (inRange == whole.getLength()) {
                range++;
                inRange = 0;
            }
        }
        return piece;
    }

    /** The ranges without their first `bytes` bytes. */
    static List<Extent> after(List<Extent> ranges, long bytes) {
        List<Extent> rest = new ArrayList<>();
        long skip = bytes;
        for (Extent range : ranges) {
            if (skip >= range.getLength()) {
                skip -= range.getLength();
            } else {
                rest.add(part(range, (int) skip, range.getLength() - (int) skip));
                skip = 0;
            }
        }
        return rest;
    }

    private static Extent part(Extent range, int from, int length) {
        return from == 0 && length == range.getLength()
                ? range
                : range.toBuilder()
                        .setOffset(range.getOffset() + from)
                        .setLength(length)
                        .build();
    }
}
