package io.moorage.node.scrub;

import io.moorage.node.extent.ExtentException;
import io.moorage.node.extent.ExtentKey;
import io.moorage.node.replica.Replica;
import io.moorage.node.store.StoreView;
import io.moorage.node.store.kv.StoreIoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one replica, a bounded piece at a time, so that nothing is held for long: extents by their blocks' checksums, the state
 * (which has the bytes of small entries in it) by those of RocksDB. A bad extent is put on the list of those to be fetched from
 * another replica; a state that is bad cannot be mended in parts.
 */
final class ReplicaScrub {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaScrub.class);
    private static final long PIECE_BYTES = 4L << 20;
    private static final int PIECE_EXTENTS = 256;

    private final Replica replica;

    ReplicaScrub(Replica replica) {
        this.replica = replica;
    }

    /**
     * @param next null: the replica was read to its end
     * @param badExtents that will be fetched
     * @param badState why the state cannot be trusted; null: nothing bad was seen
     */
    record Piece(ScrubCursor next, long bytes, int badExtents, String badState) {}

    /** @throws io.moorage.node.replica.NodeErrors.CallException UNAVAILABLE: the replica is being closed */
    Piece read(ScrubCursor from) {
        // While there is a reading nothing of it is closed or exchanged.
        try (Replica.Reading reading = replica.readNow()) {
            return from.family() == null ? readExtents(from) : readState(reading.view(), from);
        }
    }

    private Piece readExtents(ScrubCursor from) {
        Map<ExtentKey, Integer> extents = new LinkedHashMap<>();
        long[] bytes = new long[1];
        ExtentKey after = from.key().length == 0 ? null : parse(from.key());
        replica.extents().forEachAfter(after, (key, location) -> {
            extents.put(key, location.length());
            bytes[0] += location.length();
            return bytes[0] < PIECE_BYTES && extents.size() < PIECE_EXTENTS;
        });
        int bad = 0;
        ExtentKey last = null;
        for (Map.Entry<ExtentKey, Integer> extent : extents.entrySet()) {
            last = extent.getKey();
            bad += isBad(extent.getKey(), extent.getValue()) ? 1 : 0;
        }
        ScrubCursor next = last == null ? from.nextPart() : new ScrubCursor(from.group(), null, bytes(last));
        return new Piece(next, bytes[0], bad, null);
    }

    private boolean isBad(ExtentKey key, int length) {
        try {
            replica.readExtent(key, 0, length, bytes -> {});
            return false;
        } catch (ExtentException e) {
            // What is not there was freed since we looked.
            return e.reason() == ExtentException.Reason.CORRUPT;
        } catch (IOException e) {
            LOG.error("extent {} of group {} cannot be read", key, replica.group(), e);
            return true;
        }
    }

    private static Piece readState(StoreView view, ScrubCursor from) {
        try {
            StoreView.Scanned scanned = view.scan(from.family(), from.key(), PIECE_BYTES);
            ScrubCursor next = scanned.next() == null
                    ? from.nextPart()
                    : new ScrubCursor(from.group(), from.family(), scanned.next());
            return new Piece(next, scanned.bytes(), 0, null);
        } catch (StoreIoException e) {
            return new Piece(null, 0, 0, e.getMessage());
        }
    }

    private static byte[] bytes(ExtentKey key) {
        return ByteBuffer.allocate(24)
                .putLong(key.volume())
                .putLong(key.high())
                .putLong(key.low())
                .array();
    }

    private static ExtentKey parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ExtentKey(buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
