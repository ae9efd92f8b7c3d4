package io.moorage.client.transfer;

import io.moorage.client.Limits;
import io.moorage.client.VolumeRef;
import io.moorage.client.routing.GroupDirectory;
import io.moorage.client.wire.NodeChannels;
import io.moorage.client.wire.ReadBudget;
import io.moorage.protocol.v1.Extent;
import io.moorage.protocol.v1.Member;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads ranges of extents in order, piece by piece. A piece is asked for only when there is memory for all of it: a slow reader
 * then never holds up the connection, which others share, nor a thread of the replica.
 */
final class ExtentDownload {
    /** Calls that are under way at once, if there is memory for them. */
    private static final int CALLS_AHEAD = 3;

    /** Pieces that one call asks for, if there is memory for them: each call costs as much as some hundred kilobytes do. */
    private static final int PIECES_A_CALL = 2;

    /** What is written at once: many frames of the network, and little enough to stay in the processor's cache. */
    private static final int BUFFER_BYTES = 128 << 10;

    private final VolumeRef volume;
    private final GroupDirectory directory;
    private final NodeChannels channels;
    private final long minVersion;
    private final Duration patience;

    /** @param patience how long a replica may give nothing before another one is asked */
    ExtentDownload(
            VolumeRef volume, GroupDirectory directory, NodeChannels channels, long minVersion, Duration patience) {
        this.volume = volume;
        this.directory = directory;
        this.channels = channels;
        this.minVersion = minVersion;
        this.patience = patience;
    }

    /** @param ranges offset and length of each say which part is wanted */
    void transferTo(List<Extent> ranges, OutputStream out) throws IOException {
        ReadBudget budget = channels.readBudget();
        List<Member> members = members();
        PieceCutter rest = new PieceCutter(ranges);
        Deque<PieceDownload> underWay = new ArrayDeque<>();
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            while (rest.remaining() > 0 || !underWay.isEmpty()) {
                if (underWay.isEmpty()) {
                    budget.take(Limits.READ_PATIENCE);
                    start(rest, members, underWay);
                }
                while (rest.remaining() > 0 && underWay.size() < CALLS_AHEAD && budget.takeSpare()) {
                    start(rest, members, underWay);
                }
                underWay.peek().transferTo(out, buffer);
                budget.giveBack(underWay.remove().pieces());
            }
        } finally {
            for (PieceDownload piece : underWay) {
                piece.cancel();
                budget.giveBack(piece.pieces());
            }
        }
    }

    /** In the order that they are asked in: the same one first for all pieces, so that its disk is read in order. */
    private List<Member> members() {
        List<Member> members = new ArrayList<>(directory
                .route(volume.group())
                .map(GroupDirectory.Route::members)
                .orElse(List.of()));
        Collections.rotate(members, ThreadLocalRandom.current().nextInt(Math.max(1, members.size())));
        return members;
    }

    /** Asks for what comes next, for which one piece of memory was taken already. */
    private void start(PieceCutter rest, List<Member> members, Deque<PieceDownload> underWay) {
        int pieces = 1;
        while (pieces < PIECES_A_CALL
                && rest.remaining() > (long) pieces * Limits.READ_PIECE_BYTES
                && channels.readBudget().takeSpare()) {
            pieces++;
        }
        List<Extent> ranges = rest.next(pieces * Limits.READ_PIECE_BYTES);
        PieceDownload piece = new PieceDownload(volume, ranges, pieces, members, channels, minVersion, patience);
        // First: its memory is given back whatever becomes of it.
        underWay.add(piece);
        piece.start();
    }
}
