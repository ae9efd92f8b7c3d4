package io.moorage.client.transfer;

import io.moorage.protocol.v1.Extent;
import java.util.ArrayList;
import java.util.List;

/** Cuts ranges of extents into pieces of a bounded number of bytes. For one thread. */
final class PieceCutter {
    private final List<Extent> ranges;
    private long remaining;
    private int range;
    private int inRange;

    PieceCutter(List<Extent> ranges) {
        this.ranges = ranges;
        this.remaining = ranges.stream().mapToLong(Extent::getLength).sum();
    }

    /** Bytes that were not cut off yet. */
    long remaining() {
        return remaining;
    }

    /** The next bytes, as many as these or all that are left. */
    List<Extent> next(int pieceBytes) {
        List<Extent> piece = new ArrayList<>();
        int bytes = 0;
        while (bytes < pieceBytes && range < ranges.size()) {
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
        remaining -= bytes;
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
