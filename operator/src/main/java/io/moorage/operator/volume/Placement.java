package io.moorage.operator.volume;

import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Chooses the group for a volume that shares one: by free space, then by what is stored, then by the number of volumes. */
final class Placement {
    /** Differences below these are no reason to prefer a group. */
    private static final int FREE_STEP_PERCENT = 10;

    private static final long STORED_STEP_BYTES = 16L << 30;

    private Placement() {}

    static Home choose(StorageCluster cluster, ClusterView view, int replicas) {
        List<GroupStatus> offered =
                cluster.getStatus() == null ? List.of() : cluster.getStatus().groups();
        String name = cluster.getMetadata().getName();
        if (offered.isEmpty()) {
            return new Home.Nowhere("ClusterNotReady", "StorageCluster " + name + " has no groups yet");
        }
        TreeSet<Integer> factors = new TreeSet<>();
        List<GroupView> fitting = new ArrayList<>();
        int known = 0;
        for (GroupStatus group : offered) {
            if (Boolean.TRUE.equals(group.dedicated()) || group.replicas() == null) {
                continue;
            }
            factors.add(group.replicas());
            if (group.replicas() == replicas) {
                known++;
                view.group(GroupId.parse(group.id()))
                        .filter(candidate -> candidate.leader().isPresent() && candidate.volumesKnown())
                        .ifPresent(fitting::add);
            }
        }
        if (known == 0) {
            return new Home.Nowhere("NoSuchGroup", noSuchGroup(cluster, replicas, factors));
        }
        if (fitting.isEmpty() && view.complete() && !view.full().isEmpty()) {
            return new Home.Nowhere(
                    "NoSpace",
                    "none of the " + known + " groups with " + replicas + " replicas of StorageCluster " + name
                            + " has a leader, because the disks of storage nodes are full: " + view.full()
                            + "; add storage nodes (spec.nodes), or grow spec.storage.size");
        }
        if (fitting.isEmpty()) {
            return new Home.Nowhere(
                    "GroupsNotReady",
                    "none of the " + known + " groups with " + replicas + " replicas of StorageCluster " + name
                            + " has a leader that a majority follows" + silent(view));
        }
        return fitting.stream()
                .filter(group -> !group.full())
                .min(Comparator.<GroupView>comparingInt(group -> -(group.freePercent() / FREE_STEP_PERCENT))
                        .thenComparingLong(group -> group.storedBytes() / STORED_STEP_BYTES)
                        .thenComparingInt(GroupView::load)
                        .thenComparing(group -> group.id().toString()))
                .<Home>map(Home.Chosen::new)
                .orElseGet(() -> new Home.Nowhere(
                        "NoSpace",
                        "every group with " + replicas + " replicas of StorageCluster " + name
                                + " is on a disk that is full: add storage nodes (spec.nodes), grow spec.storage.size,"
                                + " or delete data"));
    }

    private static String noSuchGroup(StorageCluster cluster, int replicas, TreeSet<Integer> factors) {
        String name = cluster.getMetadata().getName();
        if (replicas > cluster.getSpec().nodes()) {
            return "spec.replicas is " + replicas + " and StorageCluster " + name + " has "
                    + cluster.getSpec().nodes() + " nodes: raise spec.nodes there, or make the volume anew with fewer"
                    + " replicas";
        }
        return "spec.replicas is " + replicas + " and StorageCluster " + name + " has groups with " + factors
                + " replicas: add {replicas: " + replicas + "} to its spec.groups, or make the volume anew with one of"
                + " these";
    }

    static String silent(ClusterView view) {
        return view.silent().isEmpty() ? "" : "; these storage nodes do not answer: " + view.silent();
    }
}
