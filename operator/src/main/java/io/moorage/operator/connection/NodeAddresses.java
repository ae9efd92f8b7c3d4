package io.moorage.operator.connection;

import io.fabric8.kubernetes.api.model.Pod;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Where the storage nodes of a cluster are reached. */
public final class NodeAddresses {
    private NodeAddresses() {}

    /**
     * host:port of the services of a storage node.
     *
     * @param pods the cluster's pods, of which the node's may be absent
     */
    public static String of(StorageCluster cluster, String node, Collection<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getMetadata().getName().equals(node))
                .flatMap(pod -> Optional.ofNullable(pod.getMetadata().getAnnotations())
                        .map(annotations -> annotations.get(Names.SERVICE_ADDRESS))
                        .stream())
                .findFirst()
                .orElse(Names.host(cluster, node) + ":" + Names.SERVICE_PORT);
    }

    /** Of the first so many nodes, in order. */
    public static List<String> of(StorageCluster cluster, int nodes, Collection<Pod> pods) {
        return java.util.stream.IntStream.range(0, nodes)
                .mapToObj(ordinal -> of(cluster, Names.node(cluster, ordinal), pods))
                .toList();
    }
}
