package io.moorage.cli.kubernetes.control;

import io.moorage.cli.kubernetes.server.Resources;
import io.moorage.cli.kubernetes.store.Change;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controllers of a small Kubernetes, one after the other in one thread: all of them after each change of what they look after,
 * and now and then in any case; the kubelet often, for the sake of processes, which end without telling anybody.
 */
public final class ControlLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final long LOOK_EVERY_MILLIS = 500;
    /** While a process starts. */
    private static final long STARTING_MILLIS = 200;

    private static final long ALL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Changes that come together are looked at together. */
    private static final long GATHER_MILLIS = 20;

    private static final long STOP_MILLIS = 5_000;

    private final Resources resources;
    private final List<Controller> controllers;
    private final Kubelet kubelet;
    private final Semaphore work = new Semaphore(1);
    private final Consumer<Change> listener = this::changed;
    private final Thread thread = new Thread(this::run, "controllers");
    private volatile boolean stopping;

    /**
     * @param directory of the cluster
     * @param heapMiB of a process that is started
     */
    public ControlLoop(Resources resources, Path directory, PortPlan ports, IntSupplier heapMiB, InstantSource clock) {
        this.resources = resources;
        Claims claims = new Claims(new Api(resources, "local-volumes", clock), directory.resolve("data"));
        kubelet = new Kubelet(
                new Api(resources, "kubelet", clock), directory, ports, claims, heapMiB, work::release, clock);
        Api manager = new Api(resources, "kube-controller-manager", clock);
        controllers = List.of(
                new Namespaces(manager),
                new StatefulSets(manager),
                new Deployments(manager),
                claims,
                kubelet,
                new GarbageCollector(manager, resources.store(), resources.catalog(), clock));
    }

    public void start() {
        resources.store().listen(resources.store().version(), listener);
        thread.setDaemon(true);
        thread.start();
    }

    private void changed(Change change) {
        if (!change.key().resource().equals("events")) {
            work.release();
        }
    }

    private void run() {
        long lastAll = System.nanoTime();
        while (!stopping) {
            boolean changed;
            try {
                changed = work.tryAcquire(
                        kubelet.awaitsStart() ? STARTING_MILLIS : LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
                if (changed) {
                    Thread.sleep(GATHER_MILLIS);
                    work.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
            if (changed || System.nanoTime() - lastAll > ALL_EVERY_NANOS) {
                lastAll = System.nanoTime();
                controllers.forEach(ControlLoop::run);
            } else {
                run(kubelet);
            }
        }
    }

    private static void run(Controller controller) {
        try {
            controller.reconcile();
        } catch (RuntimeException e) {
            LOG.error("{}", controller.getClass().getSimpleName(), e);
        }
    }

    /** Processes go on. */
    @Override
    public void close() {
        stopping = true;
        resources.store().forget(listener);
        work.release();
        try {
            thread.join(STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kubelet.close();
    }
}
