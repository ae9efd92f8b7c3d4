package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.PrimaryUpdateAndCacheUtils;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.status.AsksForSomethingElse;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.status.Pauses;
import io.moorage.operator.status.StatusPatch;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Makes, changes and deletes volumes in the groups of a storage cluster, and reports how they are. Thread-safe. */
@ControllerConfiguration(
        name = "volume",
        finalizerName = VolumeReconciler.FINALIZER,
        fieldManager = Names.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = AsksForSomethingElse.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public final class VolumeReconciler implements Reconciler<Volume>, Cleaner<Volume> {
    public static final String FINALIZER = "moorage.io/volume";

    private static final String BY_CLUSTER = "by-cluster";
    /** A status that says nothing new but usage is written at most this often. */
    private static final Duration USAGE_INTERVAL = Duration.ofSeconds(20);

    private final ClusterViews views;
    private final EventRecorder events;
    private final InstantSource clock;
    private final VolumeLifecycle lifecycle;
    private final VolumeDeletion deletion;
    private final Pauses pauses = new Pauses();
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    /** @param views shared by all reconcilers that ask storage nodes */
    public VolumeReconciler(ClusterViews views, EventRecorder events, InstantSource clock) {
        this.views = views;
        this.events = events;
        this.clock = clock;
        this.lifecycle = new VolumeLifecycle(views, events);
        this.deletion = new VolumeDeletion(views, events);
    }

    @Override
    public List<EventSource<?, Volume>> prepareEventSources(EventSourceContext<Volume> context) {
        context.getPrimaryCache().addIndexer(BY_CLUSTER, volume -> List.of(key(clusterOf(volume))));
        return List.of(
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(StorageCluster.class, Volume.class)
                                .withName("clusters-of-volumes")
                                .withSecondaryToPrimaryMapper(cluster -> volumesOf(context, cluster))
                                .withPrimaryToSecondaryMapper((Volume volume) -> Set.of(clusterOf(volume)))
                                .withOnUpdateFilter(new ClusterChanges())
                                .build(),
                        context),
                new InformerEventSource<>(
                        InformerEventSourceConfiguration.from(Snapshot.class, Volume.class)
                                .withName("scheduled-snapshots")
                                .withLabelSelector(SnapshotPlan.SCHEDULE_LABEL)
                                .withSecondaryToPrimaryMapper(snapshot -> Set.of(new ResourceID(
                                        snapshot.getMetadata().getLabels().get(SnapshotPlan.SCHEDULE_LABEL),
                                        snapshot.getMetadata().getNamespace())))
                                .build(),
                        context));
    }

    private Set<ResourceID> volumesOf(EventSourceContext<Volume> context, StorageCluster cluster) {
        views.outdated(cluster);
        return context.getPrimaryCache().byIndex(BY_CLUSTER, key(ResourceID.fromResource(cluster))).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static ResourceID clusterOf(Volume volume) {
        return new ResourceID(
                volume.getSpec().clusterRef().name(), volume.getMetadata().getNamespace());
    }

    private static String key(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    @Override
    public UpdateControl<Volume> reconcile(Volume volume, Context<Volume> context) {
        if (Resources.paused(volume)) {
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        Optional<StorageCluster> cluster = context.getSecondaryResource(StorageCluster.class);
        Optional<Assessment> found = cluster.isEmpty()
                ? Optional.of(Assessment.nowhere(clusterMissing(volume)))
                : lifecycle.step(volume, cluster.get());
        if (found.isEmpty()) {
            return UpdateControl.<Volume>noUpdate().rescheduleAfter(pauses.soon());
        }
        VolumeStatus status = VolumeStatuses.of(volume, cluster.orElse(null), found.get(), now);
        Duration again = switch (found.get().pace()) {
            case NEXT -> Duration.ofMillis(1);
            case WAIT -> pauses.growing(volume);
            case ROUTINE -> pauses.routine(volume);
        };
        if (found.get().ready().holds()) {
            ScheduledSnapshots snapshots = new ScheduledSnapshots(context.getClient(), events);
            Set<Snapshot> scheduled = context.getSecondaryResources(Snapshot.class);
            snapshots.own(volume, scheduled);
            ScheduledSnapshots.Done done = snapshots.run(volume, status, scheduled, now);
            status = done.status();
            again = done.again().isPresent() && done.again().get().compareTo(again) < 0
                    ? done.again().get()
                    : again;
        }
        tell(volume, status);
        return write(volume, status, now).rescheduleAfter(again);
    }

    private static Home.Nowhere clusterMissing(Volume volume) {
        return new Home.Nowhere(
                "ClusterNotFound",
                "there is no StorageCluster " + volume.getSpec().clusterRef().name() + " in namespace "
                        + volume.getMetadata().getNamespace() + ": make it, or make the Volume anew with another"
                        + " spec.clusterRef.name");
    }

    private UpdateControl<Volume> write(Volume volume, VolumeStatus status, Instant now) {
        VolumeStatus before = volume.getStatus();
        String uid = volume.getMetadata().getUid();
        if (before != null && !VolumeStatuses.isNews(before, status)) {
            boolean early = written.getOrDefault(uid, Instant.EPOCH)
                    .plus(USAGE_INTERVAL)
                    .isAfter(now);
            if (early || !VolumeStatuses.differ(before, status)) {
                return UpdateControl.noUpdate();
            }
        }
        written.put(uid, now);
        return UpdateControl.patchStatus(StatusPatch.of(volume, new Volume(), status));
    }

    /** An event when it becomes ready, or is not ready for another reason than before. */
    private void tell(Volume volume, VolumeStatus status) {
        VolumeStatus before = volume.getStatus();
        List<Condition> former = before == null ? null : before.conditions();
        Conditions.changed(former, status.conditions(), Moorage.READY).ifPresent(ready -> {
            if (ready.getStatus().equals("False") && !ready.getReason().equals("Creating")) {
                events.warning(volume, ready.getReason(), ready.getMessage());
            } else if (ready.getStatus().equals("True") && before != null && before.volumeId() != null) {
                events.normal(volume, ready.getReason(), ready.getMessage());
            }
        });
        Conditions.changed(former, status.conditions(), Moorage.DEGRADED).ifPresent(degraded -> {
            if (degraded.getStatus().equals("True")) {
                events.warning(volume, degraded.getReason(), degraded.getMessage());
            } else if (degraded.getStatus().equals("False") && before != null && before.volumeId() != null) {
                events.normal(volume, degraded.getReason(), degraded.getMessage());
            }
        });
    }

    @Override
    public DeleteControl cleanup(Volume volume, Context<Volume> context) {
        if (Resources.paused(volume)) {
            return DeleteControl.noFinalizerRemoval();
        }
        Optional<StorageCluster> cluster = context.getSecondaryResource(StorageCluster.class);
        if (cluster.isEmpty()) {
            if (clusterExists(volume, context)) {
                return again(DeleteControl.noFinalizerRemoval(), pauses.soon());
            }
            if (volume.getStatus() != null && volume.getStatus().volumeId() != null) {
                events.normal(volume, "ClusterGone", "its StorageCluster is gone: there is nothing to free");
            }
            return gone(volume);
        }
        VolumeDeletion.Outcome outcome = deletion.run(volume, cluster.get());
        if (outcome.held().isEmpty()) {
            if (outcome.retained()) {
                new ScheduledSnapshots(context.getClient(), events)
                        .disown(volume, context.getSecondaryResources(Snapshot.class));
            }
            return gone(volume);
        }
        VolumeDeletion.Held held = outcome.held().get();
        VolumeStatus before = volume.getStatus();
        Conditions conditions = new Conditions(
                        before.conditions(), volume.getMetadata().getGeneration(), clock.instant())
                .set(Moorage.READY, false, "Deleting", "it is being deleted")
                .set(Moorage.PROGRESSING, true, held.reason(), held.message());
        VolumeStatus status = VolumeStatusBuilder.builder(before)
                .observedGeneration(volume.getMetadata().getGeneration())
                .conditions(conditions.list())
                .build();
        if (!status.equals(before)) {
            events.warning(volume, held.reason(), held.message());
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(
                    volume, StatusPatch.of(volume, new Volume(), status), context);
        }
        return again(DeleteControl.noFinalizerRemoval(), pauses.growing(volume));
    }

    /** Asked directly: what is only missing in a cache must not be taken for deleted. */
    private static boolean clusterExists(Volume volume, Context<Volume> context) {
        return context.getClient()
                        .resources(StorageCluster.class)
                        .inNamespace(volume.getMetadata().getNamespace())
                        .withName(volume.getSpec().clusterRef().name())
                        .get()
                != null;
    }

    private DeleteControl gone(Volume volume) {
        pauses.forget(volume);
        written.remove(volume.getMetadata().getUid());
        return DeleteControl.defaultDelete();
    }

    private static DeleteControl again(DeleteControl control, Duration pause) {
        return control.rescheduleAfter(pause.toMillis());
    }
}
