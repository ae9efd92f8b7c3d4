package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.volume.VolumeReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about a volume: what becomes its status.
 *
 * @param group where it is or will be
 * @param volume as the engine has it; empty while it is not there or cannot be seen
 * @param ready about the condition Ready
 * @param progressing what is under way, if anything
 * @param degraded in what way it is not as asked for, if any
 * @param pace when to look again
 */
record Assessment(
        Optional<GroupView> group,
        Optional<io.moorage.protocol.v1.Volume> volume,
        Verdict ready,
        Optional<Verdict> progressing,
        Optional<Verdict> degraded,
        Pace pace) {

    /** The status of a condition, and why. */
    record Verdict(boolean holds, String reason, String message) {}

    enum Pace {
        /** All is well: usage is to be brought up to date now and then. */
        ROUTINE,
        /** Something has to change first: growing pauses. */
        WAIT,
        /** The next step can be taken. */
        NEXT
    }

    static Assessment nowhere(Home.Nowhere nowhere) {
        return new Assessment(
                Optional.empty(),
                Optional.empty(),
                new Verdict(false, nowhere.reason(), nowhere.message()),
                Optional.empty(),
                Optional.empty(),
                Pace.WAIT);
    }

    static Assessment making(GroupView group, Pace pace, String message) {
        return new Assessment(
                Optional.of(group),
                Optional.empty(),
                new Verdict(false, "Creating", message),
                Optional.of(new Verdict(true, "Creating", message)),
                Optional.empty(),
                pace);
    }

    /** Of a volume that is there. */
    static Assessment of(
            Volume resource,
            StorageCluster cluster,
            GroupView group,
            io.moorage.protocol.v1.Volume volume,
            Optional<Verdict> progressing) {
        Optional<Verdict> degraded = degraded(resource, cluster, group);
        Verdict ready = ready(resource, group);
        return new Assessment(
                Optional.of(group),
                Optional.of(volume),
                ready,
                progressing,
                degraded,
                progressing.isPresent() || !ready.holds() ? Pace.WAIT : Pace.ROUTINE);
    }

    private static Verdict ready(Volume resource, GroupView group) {
        Optional<String> unsupported = Unsupported.in(resource.getSpec());
        if (unsupported.isPresent()) {
            return new Verdict(false, Moorage.NOT_SUPPORTED, unsupported.get());
        }
        if (group.leader().isEmpty() || !group.volumesKnown()) {
            return new Verdict(
                    false,
                    "NoLeader",
                    "its group " + group.id() + " has no leader that a majority follows; " + replicas(group));
        }
        return new Verdict(true, "Available", "it can be read and written");
    }

    private static Optional<Verdict> degraded(Volume resource, StorageCluster cluster, GroupView group) {
        List<Verdict> all = new ArrayList<>();
        int wanted = wantedReplicas(cluster, group);
        if (wanted != resource.getSpec().replicas()) {
            all.add(new Verdict(
                    true,
                    "ReplicasChangeNotSupported",
                    "spec.replicas is " + resource.getSpec().replicas() + " and its group " + group.id() + " has "
                            + wanted + ": moving a volume to another group is not supported by this version; set"
                            + " spec.replicas to " + wanted + ", or make a new Volume and copy the data"));
        }
        if (group.readyReplicas() < wanted
                || group.readyReplicas() < group.replicas().size()) {
            all.add(new Verdict(true, "ReplicasNotReady", replicas(group)));
        }
        if (group.full()) {
            all.add(new Verdict(
                    true, "DiskFull", "a storage node of its group refuses new data because its disk is full"));
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Verdict(
                true,
                all.get(0).reason(),
                String.join("; ", all.stream().map(Verdict::message).toList())));
    }

    private static int wantedReplicas(StorageCluster cluster, GroupView group) {
        return cluster.getStatus() == null
                ? group.replicas().size()
                : cluster.getStatus().groups().stream()
                        .filter(one -> one.id().equals(group.id().toString()) && one.replicas() != null)
                        .findFirst()
                        .map(one -> one.replicas())
                        .orElse(group.replicas().size());
    }

    private static String replicas(GroupView group) {
        List<String> others = group.replicas().stream()
                .filter(replica -> !replica.state().equals("Ready"))
                .map(Assessment::show)
                .toList();
        return group.readyReplicas() + " of " + group.replicas().size() + " replicas are ready"
                + (others.isEmpty() ? "" : "; " + String.join(", ", others));
    }

    private static String show(VolumeReplica replica) {
        return replica.node() + " is " + replica.state();
    }
}
