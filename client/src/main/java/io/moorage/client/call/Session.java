package io.moorage.client.call;

import io.moorage.protocol.v1.RequestId;
import java.security.SecureRandom;
import java.util.TreeSet;

/**
 * Numbers this client's requests to one group, so that one that is sent again takes effect once (Raft thesis §6.3).
 * Thread-safe.
 */
public final class Session {
    private final long high;
    private final long low;
    private final TreeSet<Long> outstanding = new TreeSet<>();
    private long next = 1;

    public Session() {
        SecureRandom random = new SecureRandom();
        high = random.nextLong();
        low = random.nextLong();
    }

    /** One request, however often it is sent. Close it when it will not be sent again. */
    public final class Request implements AutoCloseable {
        private final long sequence;
        private int uncertainAttempts;

        private Request(long sequence) {
            this.sequence = sequence;
        }

        /** The id for the next attempt. */
        public RequestId nextAttempt() {
            synchronized (Session.this) {
                return RequestId.newBuilder()
                        .setClientHigh(high)
                        .setClientLow(low)
                        .setSequence(sequence)
                        .setAcknowledgedBelow(outstanding.first())
                        .setAttempt(uncertainAttempts)
                        .build();
            }
        }

        /** The last attempt may have been applied. Those that surely were not do not count. */
        public void uncertain() {
            uncertainAttempts++;
        }

        @Override
        public void close() {
            synchronized (Session.this) {
                outstanding.remove(sequence);
            }
        }
    }

    public synchronized Request begin() {
        long sequence = next++;
        outstanding.add(sequence);
        return new Request(sequence);
    }
}
