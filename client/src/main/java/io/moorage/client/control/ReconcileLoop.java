package io.moorage.client.control;

import io.moorage.client.MoorageException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the groups of a cluster again and again. Several may run: a change of members is made only if the members are
 * the expected ones, so that two cannot both make it.
 */
public final class ReconcileLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

    private final DirectControlPlane plane;
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "reconcile");
        thread.setDaemon(true);
        return thread;
    });
    private String lastFailure = "";

    public ReconcileLoop(DirectControlPlane plane) {
        this.plane = plane;
    }

    public void start(Duration interval) {
        executor.scheduleWithFixedDelay(this::round, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        try {
            plane.reconcile();
            lastFailure = "";
        } catch (MoorageException e) {
            if (!e.getMessage().equals(lastFailure)) {
                lastFailure = e.getMessage();
                LOG.warn("the groups cannot be looked after: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("the groups cannot be looked after", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
