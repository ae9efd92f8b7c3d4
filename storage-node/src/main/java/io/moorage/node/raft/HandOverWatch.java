package io.moorage.node.raft;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;

/**
 * Notices a leader that hangs in handing over. A hand-over that fails at its very start (the connection to the other one was just
 * found broken) is never ended by Ratis 3.3: TransferLeadership.start completes the request and leaves it pending, and the leader
 * refuses all writes as "stepping down" for as long as it leads. Stepping down in earnest ends it. Thread-safe.
 */
final class HandOverWatch {
    /** Longer than any hand-over may take: a node that stops allows for 4 s. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(6).toNanos();

    private final Map<UUID, Long> refusedSince = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private final Consumer<UUID> stepDown;

    /** @param stepDown makes this node's replica of the group give up leadership; must not block */
    HandOverWatch(LongSupplier nanoTime, Consumer<UUID> stepDown) {
        this.nanoTime = nanoTime;
        this.stepDown = stepDown;
    }

    /** @param reply what became of a request that only a leader which is not stepping down takes; null = it has none */
    void saw(UUID group, RaftClientReply reply) {
        if (reply == null || !(reply.getException() instanceof LeaderSteppingDownException)) {
            if (!refusedSince.isEmpty()) {
                refusedSince.remove(group);
            }
            return;
        }
        long now = nanoTime.getAsLong();
        Long since = refusedSince.putIfAbsent(group, now);
        if (since != null && now - since > PATIENCE_NANOS && refusedSince.replace(group, since, now)) {
            stepDown.accept(group);
        }
    }
}
