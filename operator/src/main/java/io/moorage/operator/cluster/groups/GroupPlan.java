package io.moorage.operator.cluster.groups;

import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.GroupPool;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.operator.cluster.Observation;
import io.moorage.operator.naming.DedicatedGroups;
import io.moorage.operator.naming.GroupIds;
import io.moorage.operator.naming.Successors;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which groups a cluster should have: its pools, a group for each volume that wants one of its own, and those that are there
 * already. Only a group that was one volume's own is ever taken away, when that volume is gone. Immutable.
 */
public final class GroupPlan {
    /** More would cost every node threads and heartbeats, and spread nothing better. */
    private static final int MOST_BY_DEFAULT = 12;

    private final Map<GroupId, Wanted> wanted = new LinkedHashMap<>();
    private final Map<GroupId, Integer> known = new HashMap<>();
    private final Set<GroupId> retiring = new HashSet<>();

    private final Successors successors;

    private GroupPlan(StorageCluster cluster, Collection<Volume> volumes, Successors successors) {
        this.successors = successors;
        for (GroupPool pool : pools(cluster)) {
            for (int ordinal = 0; ordinal < pool.count(); ordinal++) {
                GroupId id = successors.current(GroupIds.ofPool(cluster, pool.replicas(), ordinal));
                wanted.put(id, new Wanted(id, pool.replicas(), false));
            }
        }
        volumes.stream()
                .filter(volume -> DedicatedGroups.wants(volume) && !volume.isMarkedForDeletion())
                .sorted(Comparator.comparing(volume -> volume.getMetadata().getName()))
                .forEach(volume -> {
                    GroupId id = successors.current(DedicatedGroups.id(volume));
                    wanted.put(id, new Wanted(id, volume.getSpec().replicas(), true));
                });
        if (cluster.getStatus() != null) {
            for (GroupStatus group : cluster.getStatus().groups()) {
                if (group.replicas() != null) {
                    known.put(successors.current(GroupId.parse(group.id())), group.replicas());
                }
            }
        }
        wanted.values().forEach(each -> known.putIfAbsent(each.id(), each.replicas()));
        retire(cluster, volumes);
    }

    private void retire(StorageCluster cluster, Collection<Volume> volumes) {
        if (cluster.getStatus() == null) {
            return;
        }
        Set<String> claimed = new HashSet<>();
        for (Volume volume : volumes) {
            if (DedicatedGroups.wants(volume)) {
                claimed.add(successors.current(DedicatedGroups.id(volume)).toString());
            }
            if (volume.getStatus() != null && volume.getStatus().group() != null) {
                claimed.add(successors
                        .current(GroupId.parse(volume.getStatus().group()))
                        .toString());
            }
        }
        cluster.getStatus().groups().stream()
                .filter(group -> Boolean.TRUE.equals(group.dedicated())
                        && Integer.valueOf(0).equals(group.volumes())
                        && !claimed.contains(group.id()))
                .map(group -> GroupId.parse(group.id()))
                .filter(id -> !wanted.containsKey(id))
                .forEach(retiring::add);
    }

    /** @param volumes those that name this cluster */
    public static GroupPlan of(StorageCluster cluster, Collection<Volume> volumes) {
        return of(cluster, volumes, Successors.of(cluster));
    }

    /** @param successors what groups are called now that were recovered under other ids */
    public static GroupPlan of(StorageCluster cluster, Collection<Volume> volumes, Successors successors) {
        return new GroupPlan(cluster, volumes, successors);
    }

    /** What it is called now. */
    public GroupId current(GroupId id) {
        return successors.current(id);
    }

    /** Whether it is over, because it was recovered under another id. */
    public boolean isFormer(GroupId id) {
        return successors.isFormer(id);
    }

    private static List<GroupPool> pools(StorageCluster cluster) {
        if (!cluster.getSpec().groups().isEmpty()) {
            return cluster.getSpec().groups().stream()
                    .sorted(Comparator.comparing(GroupPool::replicas).reversed())
                    .toList();
        }
        int nodes = cluster.getSpec().nodes();
        return List.of(new GroupPool(nodes >= 3 ? 3 : 1, Math.min(nodes, MOST_BY_DEFAULT)));
    }

    /** In the order in which they are made; the first one holds the cluster's own volume. */
    public List<Wanted> wanted() {
        return List.copyOf(wanted.values());
    }

    public Optional<Wanted> wanted(GroupId id) {
        return Optional.ofNullable(wanted.get(id));
    }

    /** Whether it was one volume's own, that volume is gone, and no Volume names it: it is to be taken away. */
    public boolean retires(GroupId id) {
        return retiring.contains(id);
    }

    /** Whether it was to be taken away, and no node has anything of it any more. */
    public boolean isGone(GroupId id, Observation observed) {
        return retires(id)
                && !observed.nodes().isEmpty()
                && observed.allReachable()
                && !observed.replicas().containsKey(id);
    }

    /** Whether the cluster's status told of it before. */
    public boolean wasThere(StorageCluster cluster, GroupId id) {
        return cluster.getStatus() != null
                && cluster.getStatus().groups().stream()
                        .anyMatch(group -> group.id().equals(id.toString())
                                && !group.members().isEmpty());
    }

    /**
     * How many members a group should have: as the status remembers it, or the pools say; of one that nobody knows any more, as
     * many as it has, or one more if that is an even number; of one that is to be taken away, as many as it has.
     */
    public int replicas(GroupId id, int members) {
        if (retires(id)) {
            return members;
        }
        return known.getOrDefault(id, members + 1 - members % 2);
    }
}
