package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.naming.Successors;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** What becomes of the data when a Volume is deleted. Thread-safe. */
final class VolumeDeletion {
    private static final Duration MAX_AGE = Duration.ofSeconds(1);

    private final ClusterViews views;
    private final EventRecorder events;

    VolumeDeletion(ClusterViews views, EventRecorder events) {
        this.views = views;
        this.events = events;
    }

    /** What keeps it from being finished. */
    record Held(String reason, String message) {}

    /**
     * @param held what keeps the resource from going; empty: nothing is left to do
     * @param retained the data stays where it is
     */
    record Outcome(Optional<Held> held, boolean retained) {
        static final Outcome DONE = new Outcome(Optional.empty(), false);
        static final Outcome RETAINED = new Outcome(Optional.empty(), true);

        static Outcome held(String reason, String message) {
            return new Outcome(Optional.of(new Held(reason, message)), false);
        }
    }

    /** Deletes the data, or leaves it, as the deletion policy says. Idempotent. */
    Outcome run(Volume volume, StorageCluster cluster) {
        VolumeStatus status = volume.getStatus();
        if (status == null || status.group() == null) {
            // Nothing was made, and nothing was taken up.
            return Outcome.DONE;
        }
        if (Resources.paused(cluster) || Boolean.TRUE.equals(cluster.getSpec().paused())) {
            return Outcome.held(
                    "ClusterPaused",
                    "StorageCluster " + cluster.getMetadata().getName() + " is paused: nothing is changed in it");
        }
        GroupId group = Successors.of(cluster).current(GroupId.parse(status.group()));
        Engine engine = views.engine(cluster);
        try {
            Optional<Long> id =
                    status.volumeId() != null ? Optional.of(status.volumeId()) : made(volume, engine, group);
            if (id.isEmpty()) {
                return Outcome.DONE;
            }
            boolean force = volume.getSpec().deletionPolicy() == DeletionPolicy.DELETE;
            engine.delete(group, id.get(), force);
            views.last(cluster).flatMap(view -> view.group(group)).ifPresent(view -> view.remove(id.get()));
            events.normal(
                    volume,
                    "Deleted",
                    force
                            ? "its data is deleted, as spec.deletionPolicy Delete says; every storage node of its group"
                                    + " frees the space, one that is down as soon as it is back"
                            : "it was empty, and is deleted");
            return Outcome.DONE;
        } catch (MoorageException e) {
            return refused(volume, cluster, group, e);
        }
    }

    /** It was to be made, and nobody knows whether it was. */
    private static Optional<Long> made(Volume volume, Engine engine, GroupId group) {
        return engine.volumes(group, Consistency.CONSISTENCY_STRONG).stream()
                .filter(one ->
                        one.getSpec().getName().equals(volume.getMetadata().getName()))
                .map(io.moorage.protocol.v1.Volume::getId)
                .findFirst();
    }

    private Outcome refused(Volume volume, StorageCluster cluster, GroupId group, MoorageException e) {
        if (e.code() == ErrorCode.ERROR_CODE_NOT_EMPTY) {
            events.normal(
                    volume,
                    "Retained",
                    "its data stays in group " + group + " of StorageCluster "
                            + cluster.getMetadata().getName()
                            + ", as spec.deletionPolicy Retain says; a new Volume of the same name takes it up again");
            return Outcome.RETAINED;
        }
        if (e.code() == ErrorCode.ERROR_CODE_VOLUME_NOT_FOUND) {
            return Outcome.DONE;
        }
        if (e.code() == ErrorCode.ERROR_CODE_LOCKED) {
            return Outcome.held("Locked", e.getMessage());
        }
        Optional<ClusterView> view = views.fresh(cluster, MAX_AGE);
        if (view.isPresent() && view.get().complete() && view.get().group(group).isEmpty()) {
            events.warning(
                    volume,
                    "GroupLost",
                    "every storage node answers, and none has a replica of its group " + group
                            + ": there is nothing to free");
            return Outcome.DONE;
        }
        return Outcome.held(
                "WaitingForGroup",
                "its data cannot be deleted or found empty while its group " + group + " does not answer: "
                        + e.getMessage());
    }
}
