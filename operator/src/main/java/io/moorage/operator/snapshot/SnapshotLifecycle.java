package io.moorage.operator.snapshot;

import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatus;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatusBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.naming.Successors;
import io.moorage.operator.status.Conditions;
import io.moorage.operator.text.Durations;
import io.moorage.operator.text.Sizes;
import io.moorage.operator.volume.ClusterView;
import io.moorage.operator.volume.ClusterViews;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Pin;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Takes a snapshot one step further. Thread-safe. */
final class SnapshotLifecycle {
    private static final Duration MAX_AGE = Duration.ofSeconds(1);
    private static final int MAX_NAME_IN_PIN = 200;

    enum Pace {
        /** Nothing more to do until something changes, or it expires. */
        DONE,
        /** Something has to change first. */
        WAIT,
        /** The next step can be taken. */
        NEXT
    }

    /**
     * @param pin what was pinned just now
     * @param home where it is to be pinned, when that was found out just now
     */
    record Step(Pace pace, boolean ready, String reason, String message, Optional<Pin> pin, Optional<Home> home) {
        static Step waiting(String reason, String message) {
            return new Step(Pace.WAIT, false, reason, message, Optional.empty(), Optional.empty());
        }

        /** What it makes of the present status. */
        SnapshotStatus status(Snapshot snapshot, Instant now) {
            SnapshotStatus before = snapshot.getStatus();
            SnapshotStatusBuilder status =
                    before == null ? SnapshotStatusBuilder.builder() : SnapshotStatusBuilder.builder(before);
            home.ifPresent(one -> status.cluster(one.cluster).group(one.group).volumeId(one.volumeId));
            pin.ifPresent(one -> status.version(one.getVersion())
                    .entries(one.getEntries())
                    .restoreSize(new Quantity(Long.toString(one.getLogicalBytes())))
                    .creationTime(Instant.ofEpochMilli(one.getCreatedAtMs()).toString()));
            boolean pinned = pin.isPresent() || before != null && before.version() != null;
            Conditions conditions = new Conditions(
                            before == null ? null : before.conditions(),
                            snapshot.getMetadata().getGeneration(),
                            now)
                    .set(Moorage.READY, ready, reason, message)
                    .set(
                            Moorage.PROGRESSING,
                            !pinned,
                            pinned ? "Idle" : reason,
                            pinned ? "nothing is being changed" : message)
                    .set(
                            Moorage.DEGRADED,
                            pinned && !ready,
                            pinned && !ready ? reason : "AsAsked",
                            pinned && !ready ? message : "nothing is amiss");
            status.observedGeneration(snapshot.getMetadata().getGeneration())
                    .readyToUse(ready)
                    .conditions(conditions.list());
            SnapshotStatus made = status.build();
            return SnapshotStatusBuilder.builder(made)
                    .expirationTime(
                            expires(made.creationTime(), snapshot.getSpec().expireAfter())
                                    .map(Instant::toString)
                                    .orElse(null))
                    .build();
        }
    }

    record Home(String cluster, String group, long volumeId) {}

    /** What keeps it from being released. */
    record Held(String reason, String message) {}

    private final ClusterViews views;
    private final EventRecorder events;

    SnapshotLifecycle(ClusterViews views, EventRecorder events) {
        this.views = views;
        this.events = events;
    }

    /** When it is to be removed; empty: never, or it is not made yet. */
    static Optional<Instant> expires(Snapshot snapshot) {
        return snapshot.getStatus() == null
                ? Optional.empty()
                : expires(
                        snapshot.getStatus().creationTime(), snapshot.getSpec().expireAfter());
    }

    private static Optional<Instant> expires(String creationTime, String expireAfter) {
        return creationTime == null || expireAfter == null
                ? Optional.empty()
                : Optional.of(Instant.parse(creationTime).plus(Durations.parse(expireAfter)));
    }

    Step step(Snapshot snapshot, Optional<Volume> volume, Function<String, Optional<StorageCluster>> clusters) {
        SnapshotStatus status = snapshot.getStatus();
        boolean pinned = status != null && status.version() != null;
        if (volume.isEmpty()) {
            return amiss(
                    pinned,
                    "VolumeNotFound",
                    "there is no Volume " + snapshot.getSpec().volumeRef().name() + " in namespace "
                            + snapshot.getMetadata().getNamespace());
        }
        return pinned ? kept(status, volume.get(), clusters) : make(snapshot, volume.get(), clusters);
    }

    private static Step amiss(boolean pinned, String reason, String message) {
        return new Step(pinned ? Pace.DONE : Pace.WAIT, false, reason, message, Optional.empty(), Optional.empty());
    }

    private static Step kept(
            SnapshotStatus status, Volume volume, Function<String, Optional<StorageCluster>> clusters) {
        VolumeStatus now = volume.getStatus();
        if (now == null || now.volumeId() == null) {
            return amiss(
                    true, "VolumeNotReady", "Volume " + volume.getMetadata().getName() + " is not made yet");
        }
        if (!Objects.equals(now.volumeId(), status.volumeId()) || !isSameGroup(now.group(), status, clusters)) {
            return amiss(
                    true,
                    "VolumeReplaced",
                    "Volume " + volume.getMetadata().getName()
                            + " is another one than that whose state was kept: volume " + status.volumeId()
                            + " in group " + status.group() + " is gone");
        }
        Optional<String> lost = new Conditions(now.conditions(), null, Instant.EPOCH)
                .get(Moorage.READY)
                .filter(condition -> condition.getReason().equals("DataLost")
                        || condition.getReason().equals("GroupLost"))
                .map(condition -> condition.getMessage());
        if (lost.isPresent()) {
            return amiss(true, "VolumeLost", "Volume " + volume.getMetadata().getName() + ": " + lost.get());
        }
        return new Step(Pace.DONE, true, "Kept", "its state can be read", Optional.empty(), Optional.empty());
    }

    /** A group that was recovered has another id. */
    private static boolean isSameGroup(
            String group, SnapshotStatus status, Function<String, Optional<StorageCluster>> clusters) {
        if (group == null || status.group() == null || group.equals(status.group())) {
            return Objects.equals(group, status.group());
        }
        return clusters.apply(status.cluster())
                .map(Successors::of)
                .filter(successors -> successors
                        .current(GroupId.parse(status.group()))
                        .equals(successors.current(GroupId.parse(group))))
                .isPresent();
    }

    private Step make(Snapshot snapshot, Volume volume, Function<String, Optional<StorageCluster>> clusters) {
        String volumeName = volume.getMetadata().getName();
        VolumeStatus at = volume.getStatus();
        if (volume.getMetadata().getDeletionTimestamp() != null) {
            return Step.waiting("VolumeNotFound", "Volume " + volumeName + " is being deleted");
        }
        if (at == null || at.volumeId() == null || at.group() == null) {
            return Step.waiting("VolumeNotReady", "Volume " + volumeName + " is not made yet");
        }
        String clusterName = volume.getSpec().clusterRef().name();
        Optional<StorageCluster> cluster = clusters.apply(clusterName);
        if (cluster.isEmpty()) {
            return Step.waiting(
                    "ClusterNotFound", "there is no StorageCluster " + clusterName + " of Volume " + volumeName);
        }
        if (paused(cluster.get())) {
            return Step.waiting("ClusterPaused", "StorageCluster " + clusterName + " is paused");
        }
        SnapshotStatus status = snapshot.getStatus();
        Home home = new Home(clusterName, at.group(), at.volumeId());
        if (status == null
                || !home.equals(new Home(
                        status.cluster(), status.group(), status.volumeId() == null ? 0 : status.volumeId()))) {
            // Written down before it is made, so that it can be released whatever happens in between.
            return new Step(
                    Pace.NEXT,
                    false,
                    "Creating",
                    "the state of Volume " + volumeName + " is being pinned",
                    Optional.empty(),
                    Optional.of(home));
        }
        try {
            Pin pin = views.engine(cluster.get())
                    .pin(
                            Successors.of(cluster.get()).current(GroupId.parse(home.group)),
                            home.volumeId,
                            pinName(snapshot));
            events.normal(
                    snapshot,
                    "Created",
                    "version " + pin.getVersion() + " of Volume " + volumeName + " is kept: " + pin.getEntries()
                            + " entries, " + Sizes.show(pin.getLogicalBytes()));
            return new Step(Pace.DONE, true, "Kept", "its state can be read", Optional.of(pin), Optional.empty());
        } catch (MoorageException e) {
            return e.code() == ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND
                    ? Step.waiting("VolumeLost", "Volume " + volumeName + " is not in its group: " + e.getMessage())
                    : Step.waiting("WaitingForGroup", "it cannot be made yet: " + e.getMessage());
        }
    }

    /** Lets go of the state. Idempotent. @return empty: the resource may go */
    Optional<Held> release(Snapshot snapshot, Function<String, Optional<StorageCluster>> clusters) {
        SnapshotStatus status = snapshot.getStatus();
        if (status == null || status.group() == null || status.volumeId() == null) {
            return Optional.empty();
        }
        Optional<StorageCluster> cluster = clusters.apply(status.cluster());
        if (cluster.isEmpty()) {
            return Optional.empty();
        }
        if (paused(cluster.get())) {
            return Optional.of(new Held("ClusterPaused", "StorageCluster " + status.cluster() + " is paused"));
        }
        GroupId group = Successors.of(cluster.get()).current(GroupId.parse(status.group()));
        try {
            views.engine(cluster.get()).release(group, status.volumeId(), pinName(snapshot));
            events.normal(snapshot, "Released", "its state is not kept any more, and its space is freed");
            return Optional.empty();
        } catch (MoorageException e) {
            Optional<ClusterView> view = views.fresh(cluster.get(), MAX_AGE);
            if (view.isPresent()
                    && view.get().complete()
                    && view.get().group(group).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Held(
                    "WaitingForGroup",
                    "its state cannot be released while group " + group + " does not answer: " + e.getMessage()));
        }
    }

    private static boolean paused(StorageCluster cluster) {
        return Resources.paused(cluster)
                || Boolean.TRUE.equals(cluster.getSpec().paused());
    }

    /** Never that of another snapshot, also not of a former one of the same name. */
    static String pinName(Snapshot snapshot) {
        String name = snapshot.getMetadata().getName();
        return "snapshot/" + name.substring(0, Math.min(name.length(), MAX_NAME_IN_PIN)) + "/"
                + snapshot.getMetadata().getUid();
    }
}
