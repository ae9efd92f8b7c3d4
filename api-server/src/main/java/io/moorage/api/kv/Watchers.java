package io.moorage.api.kv;

import io.moorage.api.http.Problem;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.ChangeSet;
import io.moorage.client.kv.Kv;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many may wait for changes at once on this server, and whether it stops. Thread-safe. */
public final class Watchers {
    /** One question to the nodes waits no longer, so that a server that stops is not held up. */
    static final Duration STEP = Duration.ofSeconds(2);

    private final Semaphore places;
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** @param most each holds a request, and a thread where threads are dear */
    public Watchers(int most) {
        places = new Semaphore(most);
    }

    /** Held while somebody waits. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws Problem 503 if all are taken */
    Place take() {
        if (!places.tryAcquire()) {
            throw new Problem(503, "slow-down", "as many clients as may be are waiting for changes on this server")
                    .header("Retry-After", "5");
        }
        return places::release;
    }

    /** What comes behind a position, or nothing when the wait is over. @throws Problem 503 if as many as may be wait already */
    public ChangeSet await(Kv kv, ChangeQuery query, Duration wait) {
        if (wait.isZero()) {
            return kv.changes(query, wait);
        }
        try (Place place = take()) {
            long until = System.nanoTime() + wait.toNanos();
            ChangeQuery next = query;
            while (true) {
                Duration left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
                ChangeSet set = kv.changes(next, left.compareTo(STEP) < 0 ? left : STEP);
                if (!set.changes().isEmpty() || left.compareTo(STEP) <= 0 || isStopping()) {
                    return set;
                }
                next = next.from(set.next());
            }
        }
    }

    boolean isStopping() {
        return stopping.get();
    }

    /** Those who wait are sent away soon. */
    public void stop() {
        stopping.set(true);
    }
}
