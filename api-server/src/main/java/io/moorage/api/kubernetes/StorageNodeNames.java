package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the operator calls the storage nodes of a StorageCluster, and where they are reached. */
final class StorageNodeNames {
    static final String CLUSTER_LABEL = "moorage.io/cluster";
    static final String COMPONENT_LABEL = "app.kubernetes.io/component";
    static final String STORAGE_NODE = "storage-node";

    /** Annotation of a pod that has no address of its own: host:port of its storage node's services. */
    static final String SERVICE_ADDRESS = "moorage.io/service-address";

    private static final int SERVICE_PORT = 9200;
    /** Nodes that are tried while nobody says how many there are; they name the others. */
    private static final int SEEDS = 3;

    private StorageNodeNames() {}

    /** Names of the storage nodes that there are, or should be. */
    static Set<String> of(StorageCluster cluster) {
        Set<String> names = new LinkedHashSet<>();
        if (cluster.getStatus() != null) {
            cluster.getStatus().nodes().stream().map(NodeStatus::name).forEach(names::add);
        }
        if (names.isEmpty() && cluster.getSpec() != null) {
            for (int ordinal = 0; ordinal < cluster.getSpec().nodes(); ordinal++) {
                names.add(node(cluster.getMetadata().getName(), ordinal));
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
            String node = node(cluster, ordinal);
            addresses.put(address(cluster, namespace, node), node);
        }
        return addresses;
    }

    private static Optional<String> annotated(String node, Collection<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getName().equals(node))
                .flatMap(pod -> Optional.ofNullable(pod.getMetadata().getAnnotations()).stream())
                .flatMap(annotations -> Optional.ofNullable(annotations.get(SERVICE_ADDRESS)).stream())
                .findFirst();
    }

    private static String node(String cluster, int ordinal) {
        return cluster + "-node-" + ordinal;
    }

    private static String address(String cluster, String namespace, String node) {
        return node + "." + cluster + "-nodes." + namespace + ".svc:" + SERVICE_PORT;
    }
}
