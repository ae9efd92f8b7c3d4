package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.snapshot.SnapshotSpec;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes and removes the Snapshots that a Volume's schedule asks for. */
final class ScheduledSnapshots {
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    ScheduledSnapshots(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /**
     * @param status with the times of the schedule
     * @param again when something is due; empty: never
     */
    record Done(VolumeStatus status, Optional<Duration> again) {}

    /** Does what is due. @param status the Volume's new status so far */
    Done run(Volume volume, VolumeStatus status, Collection<Snapshot> scheduled, Instant now) {
        if (volume.getSpec().snapshots() == null) {
            return new Done(
                    VolumeStatusBuilder.builder(status).nextSnapshotTime(null).build(), Optional.empty());
        }
        // A schedule that was suspended or added later does not make up for what was before.
        boolean running = volume.getStatus() != null && volume.getStatus().nextSnapshotTime() != null;
        Instant since =
                running ? Instant.parse(volume.getStatus().nextSnapshotTime()).minusSeconds(1) : now;
        SnapshotPlan plan;
        try {
            plan = SnapshotPlan.of(volume.getSpec().snapshots(), since, scheduled, now);
        } catch (IllegalArgumentException e) {
            events.warning(volume, "InvalidSchedule", "spec.snapshots: " + e.getMessage());
            return new Done(
                    VolumeStatusBuilder.builder(status).nextSnapshotTime(null).build(), Optional.empty());
        }
        VolumeStatusBuilder times = VolumeStatusBuilder.builder(status)
                .nextSnapshotTime(plan.next().map(Instant::toString).orElse(null));
        plan.due().ifPresent(due -> {
            make(volume, due);
            times.lastSnapshotTime(due.toString());
        });
        if (!plan.skipped().isEmpty()) {
            events.warning(volume, "SnapshotSkipped", plan.skipped());
        }
        for (Snapshot snapshot : plan.expired()) {
            kubernetes.resource(snapshot).delete();
            events.normal(
                    volume,
                    "SnapshotExpired",
                    "Snapshot " + snapshot.getMetadata().getName()
                            + " is deleted: spec.snapshots.keep does not keep it");
        }
        return new Done(
                times.build(),
                plan.next().map(next -> Duration.between(now, next).plusMillis(50)));
    }

    /** They go with the volume: with its data their states are gone as well. */
    void own(Volume volume, Collection<Snapshot> scheduled) {
        for (Snapshot snapshot : scheduled) {
            if (!owned(volume, snapshot) && snapshot.getMetadata().getDeletionTimestamp() == null) {
                kubernetes.resource(snapshot).edit(one -> {
                    one.getMetadata().setOwnerReferences(List.of(reference(volume)));
                    return one;
                });
            }
        }
    }

    /** They stay when the volume goes, because its data does. */
    void disown(Volume volume, Collection<Snapshot> scheduled) {
        for (Snapshot snapshot : scheduled) {
            if (owned(volume, snapshot)) {
                kubernetes.resource(snapshot).edit(one -> {
                    one.getMetadata().setOwnerReferences(null);
                    return one;
                });
            }
        }
    }

    private static boolean owned(Volume volume, Snapshot snapshot) {
        return snapshot.hasOwnerReferenceFor(volume);
    }

    private static OwnerReference reference(Volume volume) {
        return new OwnerReferenceBuilder()
                .withApiVersion(volume.getApiVersion())
                .withKind(volume.getKind())
                .withName(volume.getMetadata().getName())
                .withUid(volume.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(false)
                .build();
    }

    /** Idempotent: the name follows from the time that it was due. */
    private void make(Volume volume, Instant due) {
        Snapshot snapshot = new Snapshot();
        String name = volume.getMetadata().getName();
        snapshot.setMetadata(new ObjectMetaBuilder()
                .withName(name + "-" + NAME.format(due))
                .withNamespace(volume.getMetadata().getNamespace())
                .withLabels(Map.of(SnapshotPlan.SCHEDULE_LABEL, name, Names.MANAGED_BY, Names.OPERATOR))
                .withAnnotations(Map.of(SnapshotPlan.DUE_ANNOTATION, due.toString()))
                .withOwnerReferences(reference(volume))
                .build());
        snapshot.setSpec(new SnapshotSpec(new Reference(name), null));
        try {
            // Not applied: its finalizer is, by the same field manager, which would give up what it does not name.
            kubernetes.resource(snapshot).create();
            events.normal(
                    volume,
                    "SnapshotScheduled",
                    "Snapshot " + snapshot.getMetadata().getName() + " is made, as spec.snapshots asks");
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
        }
    }
}
