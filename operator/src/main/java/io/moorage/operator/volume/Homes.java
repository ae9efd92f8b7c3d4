package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.crds.v1alpha1.volume.VolumeStatus;
import io.moorage.operator.naming.DedicatedGroups;
import io.moorage.operator.naming.Successors;
import io.moorage.protocol.v1.Consistency;
import java.util.List;
import java.util.Optional;

/**
 * Finds out where a volume is. It never decides that a volume has to be made because it cannot be seen: a volume that was there
 * and is not any more is reported, and a group that does not answer may hold one of the same name.
 */
final class Homes {
    private Homes() {}

    static Home find(Volume volume, StorageCluster cluster, ClusterView view, Engine engine) {
        VolumeStatus status = volume.getStatus();
        if (status != null && status.group() != null) {
            GroupId id = Successors.of(cluster, view.successors()).current(GroupId.parse(status.group()));
            Optional<GroupView> group = view.group(id);
            if (group.isPresent()) {
                return status.volumeId() == null
                        ? new Home.Intended(group.get())
                        : placed(volume, status.volumeId(), group.get(), engine);
            }
            if (!view.complete()) {
                return new Home.Nowhere(
                        "GroupUnavailable",
                        "no storage node that answers has a replica of its group " + id + Placement.silent(view));
            }
            if (status.volumeId() != null) {
                return new Home.Nowhere(
                        "GroupLost",
                        "every storage node answers, and none has a replica of its group " + id
                                + ": the data is not in this StorageCluster. If it is not to be brought back, delete this"
                                + " Volume and make it anew, empty");
            }
        }
        return unplaced(volume, cluster, view, engine);
    }

    private static Home placed(Volume volume, long volumeId, GroupView group, Engine engine) {
        Optional<io.moorage.protocol.v1.Volume> present = group.volume(volumeId);
        if (present.isPresent()) {
            return new Home.Here(group, present.get(), false);
        }
        Optional<List<io.moorage.protocol.v1.Volume>> all = certainly(engine, group.id());
        if (all.isEmpty()) {
            return new Home.Nowhere(
                    "GroupUnavailable", "its group " + group.id() + " has no leader that a majority follows");
        }
        all.get().forEach(group::put);
        Optional<io.moorage.protocol.v1.Volume> found = group.volume(volumeId);
        if (found.isPresent()) {
            return new Home.Here(group, found.get(), false);
        }
        return named(all.get(), volume)
                .<Home>map(other -> new Home.Here(group, other, true))
                .orElseGet(() -> new Home.Nowhere(
                        "DataLost",
                        "volume " + volumeId + " is not in group " + group.id()
                                + " any more: somebody deleted it there. If it is not to be brought back, delete this"
                                + " Volume and make it anew, empty"));
    }

    private static Home unplaced(Volume volume, StorageCluster cluster, ClusterView view, Engine engine) {
        String name = volume.getMetadata().getName();
        List<GroupView> holders = view.groups().stream()
                .filter(group -> group.volume(name).isPresent())
                .toList();
        if (holders.size() > 1) {
            return new Home.Nowhere(
                    "Ambiguous",
                    "volumes of this name are in groups "
                            + holders.stream()
                                    .map(GroupView::id)
                                    .sorted(java.util.Comparator.comparing(GroupId::toString))
                                    .toList()
                            + ": set status.group by hand to the one that is meant");
        }
        if (holders.size() == 1) {
            GroupView group = holders.get(0);
            // The view may be older than a deletion.
            Optional<List<io.moorage.protocol.v1.Volume>> all = certainly(engine, group.id());
            if (all.isEmpty()) {
                return new Home.Nowhere(
                        "GroupUnavailable",
                        "group " + group.id() + ", which holds a volume of this name, has no leader that a majority"
                                + " follows");
            }
            Optional<io.moorage.protocol.v1.Volume> found = named(all.get(), volume);
            if (found.isPresent()) {
                return new Home.Here(group, found.get(), true);
            }
            group.volume(name).ifPresent(gone -> group.remove(gone.getId()));
            return new Home.Unclear();
        }
        Optional<String> mute = mute(cluster, view);
        if (mute.isPresent()) {
            return new Home.Nowhere(
                    "GroupUnavailable",
                    "group " + mute.get() + " cannot be asked whether it holds a volume of this name already"
                            + Placement.silent(view));
        }
        if (!DedicatedGroups.wants(volume)) {
            return Placement.choose(cluster, view, volume.getSpec().replicas());
        }
        GroupId own = Successors.of(cluster, view.successors()).current(DedicatedGroups.id(volume));
        return view.group(own)
                .filter(group -> group.leader().isPresent())
                .<Home>map(Home.Chosen::new)
                .orElseGet(() -> new Home.Nowhere(
                        "GroupNotReady",
                        volume.getSpec().replicas() > cluster.getSpec().nodes()
                                ? "spec.replicas is " + volume.getSpec().replicas() + " and StorageCluster "
                                        + cluster.getMetadata().getName() + " has "
                                        + cluster.getSpec().nodes() + " nodes: raise spec.nodes there"
                                : "waits for its own group " + own + " to be made in StorageCluster "
                                        + cluster.getMetadata().getName()));
    }

    /** A group of which nobody can say what is in it. */
    private static Optional<String> mute(StorageCluster cluster, ClusterView view) {
        Optional<String> seen = view.groups().stream()
                .filter(group -> !group.volumesKnown())
                .map(group -> group.id().toString())
                .findFirst();
        if (seen.isPresent() || view.complete() || cluster.getStatus() == null) {
            return seen;
        }
        return cluster.getStatus().groups().stream()
                .map(GroupStatus::id)
                .filter(id -> view.group(GroupId.parse(id)).isEmpty())
                .findFirst();
    }

    /** The volumes of a group at this moment; empty if no majority says so. */
    private static Optional<List<io.moorage.protocol.v1.Volume>> certainly(Engine engine, GroupId group) {
        try {
            return Optional.of(engine.volumes(group, Consistency.CONSISTENCY_STRONG));
        } catch (MoorageException e) {
            return Optional.empty();
        }
    }

    private static Optional<io.moorage.protocol.v1.Volume> named(
            List<io.moorage.protocol.v1.Volume> volumes, Volume volume) {
        return volumes.stream()
                .filter(one ->
                        one.getSpec().getName().equals(volume.getMetadata().getName()))
                .findFirst();
    }
}
