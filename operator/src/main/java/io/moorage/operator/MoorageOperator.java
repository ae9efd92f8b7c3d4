package io.moorage.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.moorage.operator.backup.BackupReconciler;
import io.moorage.operator.cluster.StorageClusterReconciler;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.config.OperatorConfig;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.snapshot.SnapshotReconciler;
import io.moorage.operator.user.StorageUserReconciler;
import io.moorage.operator.volume.ClusterEngines;
import io.moorage.operator.volume.ClusterViews;
import io.moorage.operator.volume.VolumeReconciler;
import java.time.Duration;
import java.time.InstantSource;

/** All reconcilers, and what they share, as one thing that starts and stops. */
public final class MoorageOperator implements AutoCloseable {
    private static final Duration SHUTDOWN = Duration.ofSeconds(20);
    private static final String SERVICE_MONITORS = "monitoring.coreos.com/v1";

    private final Operator operator;
    private final Clusters clusters = new Clusters();
    private final GroupWork work = new GroupWork();

    /**
     * @param kubernetes used by all parts; closed by whoever made it
     * @param patchByApply whether statuses are written by server-side apply, which a real Kubernetes can
     */
    public MoorageOperator(
            KubernetesClient kubernetes, OperatorConfig config, MeterRegistry registry, boolean patchByApply) {
        operator = new Operator(overrider -> {
            overrider
                    .withKubernetesClient(kubernetes)
                    .withCloseClientOnStop(false)
                    .withReconciliationTerminationTimeout(SHUTDOWN)
                    .withUseSSAToPatchPrimaryResource(patchByApply)
                    .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(registry));
            config.leaseName()
                    .ifPresent(lease -> overrider.withLeaderElectionConfiguration(new LeaderElectionConfiguration(
                            lease, config.namespace().orElse(kubernetes.getNamespace()))));
        });
        InstantSource clock = InstantSource.system();
        EventRecorder events = new EventRecorder(kubernetes, clock);
        boolean serviceMonitors = kubernetes.hasApiGroup(SERVICE_MONITORS.split("/")[0], true);
        register(
                new StorageClusterReconciler(
                        new StorageClusterReconciler.Surroundings(config.image(), config.namespace(), serviceMonitors),
                        kubernetes,
                        clusters,
                        events,
                        work,
                        clock),
                config);
        ClusterViews views = new ClusterViews(new ClusterEngines(clusters, kubernetes), clock);
        register(new VolumeReconciler(views, events, clock), config);
        register(new SnapshotReconciler(views, events, clock), config);
        register(new StorageUserReconciler(events, clock), config);
        register(new BackupReconciler(events, clock), config);
    }

    private <P extends io.fabric8.kubernetes.api.model.HasMetadata> void register(
            Reconciler<P> reconciler, OperatorConfig config) {
        operator.register(reconciler, (ControllerConfigurationOverrider<P> overrider) -> {
            overrider.withFieldManager(Names.OPERATOR);
            if (!config.watchNamespaces().isEmpty()) {
                overrider.settingNamespaces(config.watchNamespaces());
            }
        });
    }

    /** Begins to watch, and to act once it is the leader; returns when it watches. */
    public void start() {
        operator.start();
    }

    /** Whether it watches what it should. */
    public boolean isHealthy() {
        return operator.getRuntimeInfo().isStarted()
                && operator.getRuntimeInfo().allEventSourcesAreHealthy();
    }

    /** Ends the rounds that are under way, gives up leadership, and stops. */
    @Override
    public void close() {
        operator.stop();
        work.close();
        clusters.close();
    }
}
