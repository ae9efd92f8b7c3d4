package io.moorage.api.s3.expiry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.moorage.api.s3.bucket.Bucket;
import io.moorage.api.s3.bucket.BucketRegistry;
import io.moorage.api.s3.bucket.Lifecycles;
import io.moorage.api.s3.errors.S3Exception;
import io.moorage.client.MoorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes through the buckets again and again: several times in a day, whatever a day's length. Several servers may do so at the same
 * time, since each deletion is of a version that was looked at.
 */
public final class LifecycleRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LifecycleRunner.class);
    private static final int ROUNDS_A_DAY = 24;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(500);

    private final BucketRegistry registry;
    private final Lifecycles lifecycles;
    private final Duration pause;
    private final Counter removed;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "s3-lifecycle");
        thread.setDaemon(true);
        return thread;
    });

    public LifecycleRunner(BucketRegistry registry, Lifecycles lifecycles, MeterRegistry metrics) {
        this.registry = registry;
        this.lifecycles = lifecycles;
        Duration part = lifecycles.day().dividedBy(ROUNDS_A_DAY);
        this.pause = part.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : part;
        this.removed = metrics.counter("moorage.s3.lifecycle.removed");
    }

    /** Servers that start together do not go round together. */
    public void start() {
        long jitter = ThreadLocalRandom.current().nextLong(pause.toMillis() + 1);
        timer.scheduleWithFixedDelay(this::round, jitter, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            for (String name : registry.names()) {
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                registry.find(name).ifPresent(this::bucket);
            }
        } catch (RuntimeException e) {
            LOG.debug("lifecycle rules wait for the next round: {}", e.toString());
        }
    }

    private void bucket(Bucket bucket) {
        try {
            removed.increment(new BucketRound(bucket, lifecycles, Instant.now()).run());
        } catch (MoorageException | S3Exception e) {
            LOG.debug("lifecycle rules of bucket {} wait for the next round: {}", bucket.name(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("lifecycle rules of bucket {} failed", bucket.name(), e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
