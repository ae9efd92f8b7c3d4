package io.moorage.operator.testing;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.cluster.StorageClusterReconciler;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The reconciler of clusters, how long each of its rounds takes, and how much of that on a processor. */
@ControllerConfiguration(
        name = "storagecluster",
        finalizerName = "moorage.io/storagecluster",
        fieldManager = "moorage-operator",
        informer = @Informer)
public final class Timed implements Reconciler<StorageCluster>, Cleaner<StorageCluster> {
    private final StorageClusterReconciler reconciler;
    private final List<Duration> rounds = new ArrayList<>();
    private final List<Duration> cpu = new ArrayList<>();

    public Timed(StorageClusterReconciler reconciler) {
        this.reconciler = reconciler;
    }

    @Override
    public List<EventSource<?, StorageCluster>> prepareEventSources(EventSourceContext<StorageCluster> context) {
        return reconciler.prepareEventSources(context);
    }

    @Override
    public UpdateControl<StorageCluster> reconcile(StorageCluster cluster, Context<StorageCluster> context) {
        long begin = System.nanoTime();
        long beginCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        UpdateControl<StorageCluster> control = reconciler.reconcile(cluster, context);
        Duration round = Duration.ofNanos(System.nanoTime() - begin);
        long endCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        synchronized (rounds) {
            rounds.add(round);
            cpu.add(Duration.ofNanos(endCpu - beginCpu));
        }
        return control;
    }

    @Override
    public DeleteControl cleanup(StorageCluster cluster, Context<StorageCluster> context) {
        return reconciler.cleanup(cluster, context);
    }

    /** What the rounds so far took of a processor in their own thread, in their order. */
    public List<Duration> cpu() {
        synchronized (rounds) {
            return List.copyOf(cpu);
        }
    }

    /** How long the rounds so far took, in their order. */
    public List<Duration> rounds() {
        synchronized (rounds) {
            return List.copyOf(rounds);
        }
    }
}
