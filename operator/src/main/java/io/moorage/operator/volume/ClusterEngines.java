package io.moorage.operator.volume;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moorage.client.MoorageClient;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.connection.NodeAddresses;
import io.moorage.operator.naming.Names;
import java.util.List;

/** Engines over the connections that the operator has; one is made when a cluster is asked for that has none yet. */
public final class ClusterEngines implements Engines {
    private final Clusters clusters;
    private final KubernetesClient kubernetes;

    public ClusterEngines(Clusters clusters, KubernetesClient kubernetes) {
        this.clusters = clusters;
        this.kubernetes = kubernetes;
    }

    @Override
    public Engine of(StorageCluster cluster) {
        MoorageClient client = clusters.known(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        return new ClientEngine(client != null ? client : connect(cluster));
    }

    private MoorageClient connect(StorageCluster cluster) {
        List<Pod> pods = kubernetes
                .pods()
                .inNamespace(cluster.getMetadata().getNamespace())
                .withLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .list()
                .getItems();
        int nodes = Math.max(
                cluster.getSpec().nodes(),
                cluster.getStatus() == null ? 0 : cluster.getStatus().nodes().size());
        return clusters.of(cluster, NodeAddresses.of(cluster, nodes, pods));
    }
}
