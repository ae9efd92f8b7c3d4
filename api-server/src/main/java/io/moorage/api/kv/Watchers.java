package io.moorage.api.kv;

import io.moorage.api.http.Problem;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many may wait for changes at once on this server, and whether it stops. Thread-safe. */
public final class Watchers {
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

    boolean isStopping() {
        return stopping.get();
    }

    /** Those who wait are sent away soon. */
    public void stop() {
        stopping.set(true);
    }
}
