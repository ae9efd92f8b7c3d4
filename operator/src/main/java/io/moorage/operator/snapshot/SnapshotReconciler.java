package io.moorage.operator.snapshot;

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
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatus;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.status.AsksForSomethingElse;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.status.Pauses;
import io.moorage.operator.status.StatusPatch;
import io.moorage.operator.volume.ClusterViews;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Pins the state of volumes, and releases it. Thread-safe. */
@ControllerConfiguration(
        name = "snapshot",
        finalizerName = SnapshotReconciler.FINALIZER,
        fieldManager = Names.OPERATOR,
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = AsksForSomethingElse.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60_000)
public final class SnapshotReconciler implements Reconciler<Snapshot>, Cleaner<Snapshot> {
    public static final String FINALIZER = "moorage.io/snapshot";

    private static final String BY_VOLUME = "by-volume";
    /** Timers are not set for longer: the clock may be changed meanwhile. */
    private static final Duration LONGEST_TIMER = Duration.ofHours(1);

    private final EventRecorder events;
    private final InstantSource clock;
    private final SnapshotLifecycle lifecycle;
    private final Pauses pauses = new Pauses();

    /** @param views shared by all reconcilers that ask storage nodes */
    public SnapshotReconciler(ClusterViews views, EventRecorder events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
        this.lifecycle = new SnapshotLifecycle(views, events);
    }

    @Override
    public List<EventSource<?, Snapshot>> prepareEventSources(EventSourceContext<Snapshot> context) {
        context.getPrimaryCache().addIndexer(BY_VOLUME, snapshot -> List.of(key(volumeOf(snapshot))));
        return List.of(new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Volume.class, Snapshot.class)
                        .withName("volumes-of-snapshots")
                        .withSecondaryToPrimaryMapper(volume ->
                                context
                                        .getPrimaryCache()
                                        .byIndex(BY_VOLUME, key(ResourceID.fromResource(volume)))
                                        .stream()
                                        .map(ResourceID::fromResource)
                                        .collect(Collectors.toSet()))
                        .withPrimaryToSecondaryMapper((Snapshot snapshot) -> Set.of(volumeOf(snapshot)))
                        .withOnUpdateFilter(SnapshotReconciler::matters)
                        .build(),
                context));
    }

    private static boolean matters(Volume now, Volume before) {
        return !Objects.equals(now.getMetadata().getUid(), before.getMetadata().getUid())
                || !Objects.equals(
                        now.getMetadata().getDeletionTimestamp(),
                        before.getMetadata().getDeletionTimestamp())
                || !home(now).equals(home(before));
    }

    private static String home(Volume volume) {
        return volume.getStatus() == null
                ? ""
                : volume.getStatus().group() + "/" + volume.getStatus().volumeId() + "/"
                        + Conditions.isTrue(volume.getStatus().conditions(), Moorage.READY);
    }

    private static ResourceID volumeOf(Snapshot snapshot) {
        return new ResourceID(
                snapshot.getSpec().volumeRef().name(), snapshot.getMetadata().getNamespace());
    }

    private static String key(ResourceID id) {
        return id.getNamespace().orElse("") + "/" + id.getName();
    }

    @Override
    public UpdateControl<Snapshot> reconcile(Snapshot snapshot, Context<Snapshot> context) {
        if (Resources.paused(snapshot)) {
            return UpdateControl.noUpdate();
        }
        Instant now = clock.instant();
        Optional<Instant> expires = SnapshotLifecycle.expires(snapshot);
        if (expires.isPresent() && !expires.get().isAfter(now)) {
            events.normal(snapshot, "Expired", "spec.expireAfter has passed: it is deleted");
            context.getClient().resource(snapshot).delete();
            return UpdateControl.noUpdate();
        }
        SnapshotLifecycle.Step step = lifecycle.step(
                snapshot, context.getSecondaryResource(Volume.class), name -> cluster(snapshot, name, context));
        SnapshotStatus status = step.status(snapshot, now);
        Optional<Duration> again = switch (step.pace()) {
            case NEXT -> Optional.of(Duration.ofMillis(1));
            case WAIT -> Optional.of(pauses.growing(snapshot));
            case DONE -> {
                pauses.forget(snapshot);
                yield SnapshotLifecycle.expires(withStatus(snapshot, status))
                        .map(at -> Duration.between(now, at).plusMillis(10));
            }
        };
        UpdateControl<Snapshot> control = UpdateControl.noUpdate();
        if (!status.equals(snapshot.getStatus())) {
            tell(snapshot, step);
            control = UpdateControl.patchStatus(StatusPatch.of(snapshot, new Snapshot(), status));
        }
        if (again.isPresent()) {
            control.rescheduleAfter(within(again.get()));
        }
        return control;
    }

    /** What is overdue comes at once. */
    private static Duration within(Duration delay) {
        Duration shortest = Duration.ofMillis(1);
        Duration longest = delay.compareTo(LONGEST_TIMER) < 0 ? delay : LONGEST_TIMER;
        return longest.compareTo(shortest) < 0 ? shortest : longest;
    }

    private void tell(Snapshot snapshot, SnapshotLifecycle.Step step) {
        boolean known = snapshot.getStatus() != null
                && new Conditions(snapshot.getStatus().conditions(), null, Instant.EPOCH)
                        .get(Moorage.READY)
                        .filter(condition -> condition.getReason().equals(step.reason()))
                        .isPresent();
        if (!known && step.pace() == SnapshotLifecycle.Pace.WAIT) {
            events.warning(snapshot, step.reason(), step.message());
        }
    }

    private static Optional<StorageCluster> cluster(Snapshot snapshot, String name, Context<Snapshot> context) {
        return Optional.ofNullable(context.getClient()
                .resources(StorageCluster.class)
                .inNamespace(snapshot.getMetadata().getNamespace())
                .withName(name)
                .get());
    }

    private static Snapshot withStatus(Snapshot snapshot, SnapshotStatus status) {
        Snapshot other = StatusPatch.of(snapshot, new Snapshot(), status);
        other.setSpec(snapshot.getSpec());
        return other;
    }

    @Override
    public DeleteControl cleanup(Snapshot snapshot, Context<Snapshot> context) {
        if (Resources.paused(snapshot)) {
            return DeleteControl.noFinalizerRemoval();
        }
        Optional<SnapshotLifecycle.Held> held = lifecycle.release(snapshot, name -> cluster(snapshot, name, context));
        if (held.isEmpty()) {
            pauses.forget(snapshot);
            return DeleteControl.defaultDelete();
        }
        SnapshotStatus before = snapshot.getStatus();
        SnapshotStatus status = SnapshotStatusBuilder.builder(before)
                .observedGeneration(snapshot.getMetadata().getGeneration())
                .readyToUse(false)
                .conditions(new Conditions(
                                before.conditions(), snapshot.getMetadata().getGeneration(), clock.instant())
                        .set(Moorage.READY, false, "Deleting", "it is being deleted")
                        .set(
                                Moorage.PROGRESSING,
                                true,
                                held.get().reason(),
                                held.get().message())
                        .list())
                .build();
        if (!status.equals(before)) {
            events.warning(snapshot, held.get().reason(), held.get().message());
            PrimaryUpdateAndCacheUtils.ssaPatchStatusAndCacheResource(
                    snapshot, StatusPatch.of(snapshot, new Snapshot(), status), context);
        }
        return DeleteControl.noFinalizerRemoval()
                .rescheduleAfter(pauses.growing(snapshot).toMillis());
    }
}
