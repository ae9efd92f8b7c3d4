package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;
import io.moorage.client.membership.MembershipStep;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps the operator from doing at once, or over and over, what may settle by itself: what looks left over may be joining, as nodes
 * are not asked at the same instant; leaders mostly find their places alone; and nobody likes to see undone right away what they
 * did by hand. Thread-safe.
 */
final class Patience {
    /** How long a step has to be planned before it is due. */
    static final Duration WAIT = Duration.ofSeconds(10);
    /** Nobody writes to a group while its leader tries in vain to hand over, which takes it five seconds. */
    static final Duration BETWEEN_TRIES = Duration.ofMinutes(5);

    private final LongSupplier nanoTime;
    private final Map<MembershipStep, Long> plannedSince = new ConcurrentHashMap<>();
    private final Map<GroupId, Long> tried = new ConcurrentHashMap<>();

    Patience(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a step that is planned now was planned {@link #WAIT} ago as well. What was not due for long begins anew. */
    boolean hasLasted(MembershipStep step) {
        long now = nanoTime.getAsLong();
        plannedSince.values().removeIf(since -> now - since > 3 * WAIT.toNanos());
        long since = plannedSince.computeIfAbsent(step, key -> now);
        return now - since > WAIT.toNanos();
    }

    void forget(MembershipStep step) {
        plannedSince.remove(step);
    }

    /** Whether this was not asked for a group within {@link #BETWEEN_TRIES}; from then on it was. */
    boolean isFirstTry(GroupId group) {
        long now = nanoTime.getAsLong();
        tried.values().removeIf(at -> now - at > BETWEEN_TRIES.toNanos());
        return tried.putIfAbsent(group, now) == null;
    }
}
