package io.moorage.node.raft;

import java.util.concurrent.TimeUnit;

/**
 * When the next batch of a group may go. While one is under way, what arrives waits for the next; another one goes along only when
 * a good many wait. Of clients that ask one thing after the other, those who have just been answered ask again a moment too late for
 * a batch that goes at that moment, and half of them would always wait for the other half. So where many are answered at a time,
 * the next batch waits until as many are there as were answered or waited, or for as long as the last one took, two milliseconds
 * at the most. That is PostgreSQL's {@code commit_delay} with {@code commit_siblings}; where few are answered nobody waits.
 *
 * <p>Not thread-safe: whoever owns the queue locks.
 */
final class BatchTurns {
    /** So much has to wait before a batch goes along with others. */
    static final int WORTH_COMMANDS = 128;

    static final int WORTH_BYTES = 256 << 10;

    /** With fewer answers in a batch, waiting for those who got them would cost more than it saves. */
    static final int MANY = 16;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int maxUnderWay;
    private int underWay;
    private int expected;
    private long patientUntil;

    /** @param maxUnderWay batches, at least one */
    BatchTurns(int maxUnderWay) {
        this.maxUnderWay = maxUnderWay;
    }

    /** Whether a batch may go now, of so many commands and bytes that wait; {@code now} by System.nanoTime(). */
    boolean mayGo(int waiting, long bytes, long now) {
        if (waiting >= WORTH_COMMANDS || bytes >= WORTH_BYTES) {
            return underWay < maxUnderWay;
        }
        return underWay == 0 && waiting > 0 && (waiting >= expected || now - patientUntil >= 0);
    }

    void sent() {
        underWay++;
    }

    /**
     * A batch is over, well or not.
     *
     * @param commands that it had
     * @param waiting commands that wait now
     * @param tookNanos from when it was sent
     * @return nanoseconds after which to look again, as those who are expected may not come; 0: there is no need to
     */
    long answered(int commands, int waiting, long tookNanos, long now) {
        underWay--;
        expected = commands < MANY ? 0 : Math.min(WORTH_COMMANDS, commands + waiting);
        if (waiting >= expected) {
            return 0;
        }
        long patience = Math.min(PATIENCE_NANOS, tookNanos);
        patientUntil = now + patience;
        return patience;
    }
}
