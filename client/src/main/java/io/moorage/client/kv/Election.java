package io.moorage.client.kv;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.protocol.v1.KeyValue;
import java.time.Duration;
import java.util.Optional;

/**
 * One of those who campaign leads, the one that began first; when it resigns or dies, the next one does. What is said of
 * {@link Lock} and its tokens holds here too: a leader that was paused may act after another was elected, unless what it acts upon
 * compares tokens.
 */
public final class Election {
    private final Queue queue;
    private final Duration ttl;

    Election(Kv kv, LeaseKeeper keeper, String name, Duration ttl) {
        this.queue = new Queue(kv, keeper, name);
        this.ttl = ttl;
    }

    /**
     * Who leads.
     *
     * @param value what it campaigned with
     * @param token grows from leader to leader
     */
    public record Leader(ByteString value, long token) {}

    /**
     * Campaigns until elected, or gives up.
     *
     * @param value what others see of the leader, at most 1 MiB
     * @return empty: not elected within the wait. Closing it resigns
     */
    public Optional<Lock.Held> campaign(ByteString value, Duration wait) {
        return queue.enter(ttl, value, wait);
    }

    /** Whether anybody campaigns, by a look that may be a moment old. */
    public boolean isContested() {
        return queue.isWaitedIn();
    }

    /** Who leads at the moment; empty: nobody campaigns. */
    public Optional<Leader> leader() {
        return queue.first(CallOptions.DEFAULT).map(Election::leader);
    }

    private static Leader leader(KeyValue entry) {
        return new Leader(entry.getValue(), entry.getEntry().getVersion());
    }
}
