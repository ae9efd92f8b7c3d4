package io.moorage.operator.naming;

import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.StorageCluster;
import java.util.HashMap;
import java.util.Map;

/**
 * What groups are called now that lost their majority and were recovered under another id. Volumes and plans that know a former
 * id mean the present one. Immutable.
 */
public final class Successors {
    private final Map<GroupId, GroupId> next;

    private Successors(Map<GroupId, GroupId> next) {
        this.next = Map.copyOf(next);
    }

    /** As the cluster's status remembers. */
    public static Successors of(StorageCluster cluster) {
        return of(cluster, Map.of());
    }

    /** @param observed what the storage nodes said just now, in addition */
    public static Successors of(StorageCluster cluster, Map<GroupId, GroupId> observed) {
        Map<GroupId, GroupId> next = new HashMap<>();
        if (cluster.getStatus() != null) {
            cluster.getStatus()
                    .groups()
                    .forEach(group -> group.formerIds()
                            .forEach(former -> next.put(GroupId.parse(former), GroupId.parse(group.id()))));
        }
        next.putAll(observed);
        return new Successors(next);
    }

    /** The same id, if it was never recovered. */
    public GroupId current(GroupId id) {
        GroupId at = id;
        // A circle cannot be, and must not hold anybody up.
        for (int steps = 0; next.containsKey(at) && steps <= next.size(); steps++) {
            at = next.get(at);
        }
        return at;
    }

    public boolean isFormer(GroupId id) {
        return next.containsKey(id);
    }
}
