package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.StorageCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the storage nodes say, asked once for all volumes of a cluster and kept for some seconds: thousands of volumes cost no
 * more calls than one. At most one thread waits for the nodes of a cluster at a time; the others get what was said before, or
 * nothing. Thread-safe.
 */
public final class ClusterViews implements AutoCloseable {
    /** Asked in parallel, so that groups that do not answer are waited for together. */
    private static final int PARALLEL_CALLS = 16;

    private static final Duration NEVER_OLDER = Duration.ofSeconds(60);

    private static final class Held {
        private final ReentrantLock refreshing = new ReentrantLock();
        private volatile ClusterView view;
        private volatile Instant outdated = Instant.MIN;

        private boolean fitsInto(Duration maxAge, Instant now) {
            ClusterView present = view;
            return present != null
                    && present.began().isAfter(outdated)
                    && present.began().plus(maxAge).isAfter(now);
        }
    }

    private final Engines engines;
    private final InstantSource clock;
    private final Map<String, Held> clusters = new ConcurrentHashMap<>();
    private final ExecutorService executor;

    public ClusterViews(Engines engines, InstantSource clock) {
        this.engines = engines;
        this.clock = clock;
        AtomicInteger threads = new AtomicInteger();
        this.executor = Executors.newFixedThreadPool(PARALLEL_CALLS, task -> {
            Thread thread = new Thread(task, "cluster-views-" + threads.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    public Engine engine(StorageCluster cluster) {
        return engines.of(cluster);
    }

    /** A view that is at most so old; empty if another thread is asking for one right now: try again soon. */
    public Optional<ClusterView> fresh(StorageCluster cluster, Duration maxAge) {
        Held held = held(cluster);
        return refreshed(cluster, held, maxAge) ? Optional.of(held.view) : Optional.empty();
    }

    /** As {@link #fresh}, but an older view is better than none. */
    public Optional<ClusterView> recent(StorageCluster cluster, Duration maxAge) {
        Held held = held(cluster);
        if (refreshed(cluster, held, maxAge)) {
            return Optional.of(held.view);
        }
        ClusterView old = held.view;
        return Optional.ofNullable(old)
                .filter(view -> view.began().plus(NEVER_OLDER).isAfter(clock.instant()));
    }

    /** The last view, however old, without asking anybody. */
    public Optional<ClusterView> last(HasMetadata cluster) {
        return Optional.ofNullable(held(cluster).view);
    }

    private boolean refreshed(StorageCluster cluster, Held held, Duration maxAge) {
        if (held.fitsInto(maxAge, clock.instant())) {
            return true;
        }
        if (!held.refreshing.tryLock()) {
            return false;
        }
        try {
            if (!held.fitsInto(maxAge, clock.instant())) {
                held.view = ViewBuilder.build(engine(cluster), clock.instant(), executor);
            }
            return true;
        } finally {
            held.refreshing.unlock();
        }
    }

    /** Something changed that a present view does not show. */
    public void outdated(HasMetadata cluster) {
        held(cluster).outdated = clock.instant();
    }

    /** The cluster is gone. */
    public void forget(HasMetadata cluster) {
        clusters.remove(key(cluster));
    }

    private Held held(HasMetadata cluster) {
        return clusters.computeIfAbsent(key(cluster), key -> new Held());
    }

    private static String key(HasMetadata cluster) {
        return cluster.getMetadata().getNamespace() + "/"
                + cluster.getMetadata().getName();
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
