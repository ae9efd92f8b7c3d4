package io.moorage.client.wire;

import io.moorage.client.Limits;
import io.moorage.client.MoorageException;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory of one client for bytes that were asked for and that no reader has taken yet, in pieces of
 * {@link Limits#READ_PIECE_BYTES}. Every reader waits its turn for one piece; what it reads ahead it gets only while there is
 * plenty, so that many slow readers cost a piece each. Thread-safe.
 */
public final class ReadBudget {
    private final Semaphore pieces;
    private final int spare;

    /** @param pieces at least 4 */
    public ReadBudget(int pieces) {
        this.pieces = new Semaphore(pieces, true);
        this.spare = pieces / 4;
    }

    /**
     * A piece that the reader cannot go on without; give it back.
     *
     * @throws MoorageException SLOW_DOWN: none became free in this time
     */
    public void take(Duration patience) {
        try {
            if (pieces.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new MoorageException(
                ErrorCode.ERROR_CODE_SLOW_DOWN,
                "too many downloads are under way; try again in a moment",
                0,
                false,
                Duration.ofSeconds(1),
                null);
    }

    /** A piece to read ahead with, if there are more than enough. */
    public boolean takeSpare() {
        return pieces.availablePermits() > spare && pieces.tryAcquire();
    }

    /** @param count of pieces that were taken */
    public void giveBack(int count) {
        pieces.release(count);
    }
}
