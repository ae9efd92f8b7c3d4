package io.moorage.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All reconcilers, and what they share, as one thing that starts and stops. */
public final class MoorageOperator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MoorageOperator.class);
    private static final int EXIT_LOST_LEADERSHIP = 70;
    private static final Duration SHUTDOWN = Duration.ofSeconds(20);
    private static final String SERVICE_MONITORS = "monitoring.coreos.com/v1";

    private final Operator operator;
    private final Clusters clusters = new Clusters();
    private final GroupWork work = new GroupWork();
    private final ClusterViews views;
    private volatile boolean stopping;

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
                    .ifPresent(lease -> overrider.withLeaderElectionConfiguration(
                            LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease)
                                    .withLeaseNamespace(config.namespace().orElse(kubernetes.getNamespace()))
                                    .withLeaderCallbacks(
                                            new LeaderCallbacks(() -> {}, this::lostLeadership, leader -> {}))
                                    .withExitOnStopLeading(false)
                                    .build()));
        });
        InstantSource clock = InstantSource.system();
        EventRecorder events = new EventRecorder(kubernetes, clock);
        views = new ClusterViews(new ClusterEngines(clusters, kubernetes), clock);
        boolean serviceMonitors = kubernetes.hasApiGroup(SERVICE_MONITORS.split("/")[0], true);
        register(
                new StorageClusterReconciler(
                        new StorageClusterReconciler.Surroundings(config.image(), config.namespace(), serviceMonitors),
                        kubernetes,
                        clusters,
                        cluster -> {
                            views.forget(cluster);
                            clusters.forget(cluster);
                        },
                        events,
                        work,
                        clock),
                config);
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

    /** Another one acts now. To begin anew is the surest way to stop acting; a stop that was asked for goes on as it is. */
    private void lostLeadership() {
        if (!stopping) {
            LOG.error("leadership was lost; the operator ends, and begins anew as a candidate");
            new Thread(() -> System.exit(EXIT_LOST_LEADERSHIP), "exit").start();
        }
    }

    /** Ends the rounds that are under way, gives up leadership, and stops. */
    @Override
    public void close() {
        stopping = true;
        work.close();
        operator.stop();
        views.close();
        clusters.close();
    }
}
