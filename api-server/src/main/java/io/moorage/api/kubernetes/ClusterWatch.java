package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.StorageNodes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kubernetes says of one StorageCluster, its volumes and pods. It keeps the last word while the Kubernetes API is away, and
 * goes on when that is back, also when it was away from the beginning. Thread-safe.
 */
final class ClusterWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterWatch.class);
    private static final int FORBIDDEN = 403;

    private final String namespace;
    private final String cluster;
    private final SharedIndexInformer<Volume> volumes;
    private final SharedIndexInformer<StorageCluster> clusters;
    private final SharedIndexInformer<Pod> pods;
    private final Runnable nodesChanged;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final AtomicBoolean noted = new AtomicBoolean();
    private volatile String lastFailure = "no answer yet";

    /** @param nodesChanged called when the cluster's nodes or their addresses may be others */
    ClusterWatch(KubernetesConnection kubernetes, Runnable nodesChanged) {
        this.namespace = kubernetes.namespace();
        this.cluster = kubernetes.cluster();
        this.nodesChanged = nodesChanged;
        volumes = kubernetes
                .client()
                .resources(Volume.class)
                .inNamespace(namespace)
                .runnableInformer(0);
        clusters = kubernetes
                .client()
                .resources(StorageCluster.class)
                .inNamespace(namespace)
                .withName(cluster)
                .runnableInformer(0);
        pods = kubernetes
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabels(Map.of(
                        StorageNodes.CLUSTER_LABEL, cluster, StorageNodes.COMPONENT_LABEL, StorageNodes.COMPONENT))
                .runnableInformer(0);
    }

    /** Begins to watch, and waits for so long at most until Kubernetes has said what there is. */
    void start(Duration wait) {
        volumes.addEventHandler(handler(false)).exceptionHandler((started, e) -> failed("volumes", e, true));
        clusters.addEventHandler(handler(true)).exceptionHandler((started, e) -> failed("storageclusters", e, true));
        // Pods are looked at for their addresses only, which in a real Kubernetes are their names: this server need not
        // be
        // allowed to see them.
        pods.addEventHandler(handler(true)).exceptionHandler((started, e) -> failed("pods", e, !forbidden(e)));
        volumes.start();
        clusters.start();
        pods.start();
        if (!await(() -> volumes.hasSynced() && clusters.hasSynced(), wait)) {
            LOG.warn(
                    "the Kubernetes API has not answered within {} s ({}): volumes are asked for at the storage nodes"
                            + " themselves until it does",
                    wait.toSeconds(),
                    lastFailure);
        }
    }

    /** Whether Kubernetes has ever said which volumes there are. */
    boolean volumesKnown() {
        return volumes.hasSynced();
    }

    /** Whether changes of volumes arrive at the moment. */
    boolean watching() {
        return volumes.isWatching();
    }

    /** Of this cluster, being deleted ones included. */
    Optional<Volume> volume(String name) {
        return Optional.ofNullable(volumes.getStore().getByKey(namespace + "/" + name))
                .filter(this::ours);
    }

    /** Of this cluster, being deleted ones included. */
    List<Volume> volumes() {
        return volumes.getStore().list().stream().filter(this::ours).toList();
    }

    boolean ours(Volume volume) {
        return volume.getSpec() != null
                && volume.getSpec().clusterRef() != null
                && cluster.equals(volume.getSpec().clusterRef().name());
    }

    /** Empty: there is none, or Kubernetes has not said yet. */
    Optional<StorageCluster> cluster() {
        return Optional.ofNullable(clusters.getStore().getByKey(namespace + "/" + cluster));
    }

    Collection<Pod> pods() {
        return pods.getStore().list();
    }

    /** Why this may be out of date, or "". */
    String trouble() {
        if (!volumes.hasSynced() || !clusters.hasSynced()) {
            return "the Kubernetes API has not answered since this server started: " + lastFailure;
        }
        return volumes.isWatching() && clusters.isWatching()
                ? ""
                : "the Kubernetes API does not answer; volumes and nodes are those that it named last";
    }

    /** Logs when the Kubernetes API goes away, and when it is back, as far as this is called now and then. */
    void noteTrouble() {
        boolean troubled = !trouble().isEmpty();
        if (noted.compareAndSet(!troubled, troubled)) {
            if (troubled) {
                LOG.warn("{}", trouble());
            } else {
                LOG.info("the Kubernetes API answers");
            }
        }
    }

    /** Waits until it holds, looking whenever something has changed. @return whether it holds */
    boolean await(BooleanSupplier condition, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                // What tells of changes comes after the change, and nothing tells of a first, empty answer.
                changed.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(250)));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private <T extends HasMetadata> ResourceEventHandler<T> handler(boolean ofNodes) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T added) {
                happened();
            }

            @Override
            public void onUpdate(T before, T after) {
                happened();
            }

            @Override
            public void onDelete(T deleted, boolean unknown) {
                happened();
            }

            private void happened() {
                failures.clear();
                if (ofNodes) {
                    nodesChanged.run();
                }
                signal();
            }
        };
    }

    private boolean failed(String what, Throwable e, boolean goOn) {
        String failure = Refusals.text(e);
        if (!goOn) {
            LOG.info("{} cannot be watched, so storage nodes are reached by their names: {}", what, failure);
            return false;
        }
        lastFailure = failure;
        // It is tried again and again, and said once for each reason.
        if (!failure.equals(failures.put(what, failure))) {
            LOG.warn("{} cannot be watched in Kubernetes, which is tried again: {}", what, failure);
        }
        return true;
    }

    private static boolean forbidden(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof KubernetesClientException k && k.getCode() == FORBIDDEN) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        volumes.stop();
        clusters.stop();
        pods.stop();
    }
}
