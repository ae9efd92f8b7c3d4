package io.moorage.operator.cluster.scaling;

import io.moorage.client.admin.NodeView;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.cluster.Observation;
import io.moorage.operator.naming.Names;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How many storage nodes there should be at this moment. Growing happens at once. Shrinking drains the last nodes first, and
 * takes a node away only when nothing is on it any more.
 *
 * @param replicas of the StatefulSet
 * @param leaving names of nodes that are being drained to be taken away
 * @param refused why the nodes cannot be fewer; empty unless that is asked for and not possible
 */
public record NodeCount(int replicas, Set<String> leaving, Optional<String> refused) {
    /** Share of the free space of the remaining nodes that the replicas which move may take. */
    private static final double FILL = 0.9;

    /**
     * @param present replicas of the StatefulSet now; 0 if there is none
     * @param observed what the nodes said, those included that are to go
     */
    public static NodeCount decide(StorageCluster cluster, int present, Observation observed) {
        int target = cluster.getSpec().nodes();
        if (target >= present) {
            return new NodeCount(target, Set.of(), Optional.empty());
        }
        Optional<String> refusal = refusal(target, observed);
        if (refusal.isPresent()) {
            return new NodeCount(present, Set.of(), refusal);
        }
        int count = present;
        while (count > target && isEmpty(Names.node(cluster, count - 1), count - 1, observed)) {
            count--;
        }
        Set<String> leaving = new HashSet<>();
        // Those that go now as well: until they are gone they answer, and would be given new replicas.
        for (int ordinal = target; ordinal < present; ordinal++) {
            leaving.add(Names.node(cluster, ordinal));
        }
        return new NodeCount(count, leaving, Optional.empty());
    }

    private static Optional<String> refusal(int target, Observation observed) {
        int widest = observed.leaders().values().stream()
                .mapToInt(ReplicaInfo::getMembersCount)
                .max()
                .orElse(0);
        if (widest > target) {
            return Optional.of("spec.nodes is " + target + ", and groups have " + widest
                    + " replicas, each on another node: at least " + widest + " nodes are needed");
        }
        List<NodeView> staying =
                observed.nodes().subList(0, Math.min(target, observed.nodes().size()));
        List<NodeView> going =
                observed.nodes().subList(staying.size(), observed.nodes().size());
        long toMove = going.stream()
                .flatMap(node -> node.replicas().stream())
                .mapToLong(ReplicaInfo::getStoredBytes)
                .sum();
        long room = staying.stream()
                .flatMap(node -> node.info().stream())
                .mapToLong(info -> info.getFreeBytes())
                .sum();
        return toMove > room * FILL
                ? Optional.of("spec.nodes is " + target + ", and the " + staying.size() + " nodes that would stay have "
                        + room + " bytes free, too little for the " + toMove + " bytes of those that would go")
                : Optional.empty();
    }

    /** It answers and holds nothing, and no group counts on it. */
    private static boolean isEmpty(String node, int ordinal, Observation observed) {
        boolean member = observed.members().stream().anyMatch(id -> id.startsWith(node + "."));
        boolean answers = ordinal < observed.nodes().size()
                && observed.nodes().get(ordinal).reachable()
                && observed.nodes().get(ordinal).replicas().isEmpty();
        // A group that does not tell who its members are may count on it.
        boolean allTold = observed.replicas().keySet().stream()
                .allMatch(group -> observed.leaders().containsKey(group));
        return !member && answers && allTold;
    }
}
