package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Optional;

/**
 * A lock that outlives its holder's death by no more than its time to live, plus the time in which nobody led the group. Those who
 * wait get it in the order in which they came.
 *
 * <p>No lock of this kind keeps a holder that was paused (by its garbage collector, its machine) from acting after it lost the
 * lock. What it acts upon must compare the {@link Held#token fencing token}, which grows from holder to holder, and refuse older
 * ones; within the same volume, add {@link Held#condition} to the transaction.
 */
public final class Lock {
    private final Queue queue;
    private final Duration ttl;

    Lock(Kv kv, LeaseKeeper keeper, String name, Duration ttl) {
        this.queue = new Queue(kv, keeper, name);
        this.ttl = ttl;
    }

    /** The lock while somebody in this process has it. Closing it gives it back. Thread-safe. */
    public static final class Held implements AutoCloseable {
        private final String key;
        private final LeaseKeeper.Kept lease;
        private final long token;

        Held(String key, LeaseKeeper.Kept lease, long token) {
            this.key = key;
            this.lease = lease;
            this.token = token;
        }

        /** Grows from holder to holder. */
        public long token() {
            return token;
        }

        /** Holds as long as the lock does: for a transaction in the same volume. */
        public io.moorage.protocol.v1.Compare condition() {
            return Comparisons.version(key, token);
        }

        /** Whether the lock is certainly still held now; a moment later it may not be. */
        public boolean isHeld() {
            return lease.isLive();
        }

        @Override
        public void close() {
            lease.close();
        }
    }

    /**
     * Takes the lock, or gives up.
     *
     * @param wait for others to give it back; zero = only if it is free
     * @return empty: others have it
     */
    public Optional<Held> tryLock(Duration wait) {
        return queue.enter(ttl, ByteString.EMPTY, wait);
    }
}
