package io.moorage.operator.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before a resource is looked at again. Each is told apart by its uid, and forgotten when all is well or when it
 * is gone. Thread-safe.
 */
public final class Pauses {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration ROUTINE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(200);

    private final Map<String, Integer> attempts = new ConcurrentHashMap<>();

    /** It did not work: half a second, then longer from time to time, up to 30 s. */
    public Duration growing(HasMetadata resource) {
        int attempt = attempts.merge(resource.getMetadata().getUid(), 1, (one, more) -> Math.min(one + more, 16));
        long millis = Math.min(LONGEST.toMillis(), FIRST.toMillis() << (attempt - 1));
        return jittered(Duration.ofMillis(millis));
    }

    /** All is well: about half a minute. */
    public Duration routine(HasMetadata resource) {
        forget(resource);
        return jittered(ROUTINE);
    }

    /** Another thread is finding out. */
    public Duration soon() {
        return jittered(SOON);
    }

    public void forget(HasMetadata resource) {
        attempts.remove(resource.getMetadata().getUid());
    }

    /** 0.8 to 1.2 of it, so that many do not come at once. */
    private static Duration jittered(Duration pause) {
        return Duration.ofMillis(
                (long) (pause.toMillis() * ThreadLocalRandom.current().nextDouble(0.8, 1.2)));
    }
}
