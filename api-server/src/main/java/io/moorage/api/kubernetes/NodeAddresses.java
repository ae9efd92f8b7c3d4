package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.crds.v1alpha1.cluster.StorageNodes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the storage nodes of a StorageCluster are reached, as far as Kubernetes says. */
final class NodeAddresses {
    /** Nodes that are tried while nobody says how many there are; they name the others. */
    private static final int SEEDS = 3;

    private NodeAddresses() {}

    /** Names of the storage nodes that there are, or should be. */
    static Set<String> of(StorageCluster cluster) {
        Set<String> names = new LinkedHashSet<>();
        if (cluster.getStatus() != null) {
            cluster.getStatus().nodes().stream().map(NodeStatus::name).forEach(names::add);
        }
        if (names.isEmpty() && cluster.getSpec() != null) {
            for (int ordinal = 0; ordinal < cluster.getSpec().nodes(); ordinal++) {
                names.add(StorageNodes.node(cluster.getMetadata().getName(), ordinal));
            }
        }
        return names;
    }

    /** Names by address (host:port), in order. */
    static Map<String, String> byAddress(StorageCluster cluster, Collection<Pod> pods) {
        String name = cluster.getMetadata().getName();
        String namespace = cluster.getMetadata().getNamespace();
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String node : of(cluster)) {
            addresses.put(annotated(node, pods).orElseGet(() -> address(name, namespace, node)), node);
        }
        return addresses;
    }

    /** Names by address of the first nodes of a cluster of which nothing else is known. */
    static Map<String, String> seeds(String cluster, String namespace) {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (int ordinal = 0; ordinal < SEEDS; ordinal++) {
            String node = StorageNodes.node(cluster, ordinal);
            addresses.put(address(cluster, namespace, node), node);
        }
        return addresses;
    }

    private static Optional<String> annotated(String node, Collection<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getName().equals(node))
                .flatMap(pod -> Optional.ofNullable(pod.getMetadata().getAnnotations()).stream())
                .flatMap(annotations -> Optional.ofNullable(annotations.get(StorageNodes.SERVICE_ADDRESS)).stream())
                .findFirst();
    }

    private static String address(String cluster, String namespace, String node) {
        return StorageNodes.host(cluster, namespace, node) + ":" + StorageNodes.SERVICE_PORT;
    }
}
