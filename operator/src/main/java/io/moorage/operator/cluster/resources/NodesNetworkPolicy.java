package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.Map;

/**
 * Who may talk to storage nodes: each other; to their services also API servers of the cluster and the operator; to their
 * metrics everybody. Kubelets, which probe them, are let in by every network plugin.
 */
public final class NodesNetworkPolicy {
    /** Label that every namespace has, with its name. */
    private static final String NAMESPACE = "kubernetes.io/metadata.name";
    /** What the operator's own pods are labelled with as component. */
    static final String OPERATOR = "operator";

    private NodesNetworkPolicy() {}

    public static NetworkPolicy desired(StorageCluster cluster, String operatorNamespace) {
        NetworkPolicyPeer nodes = pods(cluster, Names.STORAGE_NODE);
        NetworkPolicyPeer operator = new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .withMatchLabels(Map.of(NAMESPACE, operatorNamespace))
                .endNamespaceSelector()
                .withNewPodSelector()
                .withMatchLabels(Map.of(Names.COMPONENT_LABEL, OPERATOR))
                .endPodSelector()
                .build();
        return new NetworkPolicyBuilder()
                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodes(cluster)))
                .withNewSpec()
                .withPolicyTypes("Ingress")
                .withNewPodSelector()
                .withMatchLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .endPodSelector()
                .withIngress(
                        rule(Names.RAFT_PORT, nodes),
                        rule(Names.SERVICE_PORT, nodes, pods(cluster, Names.API_SERVER), operator),
                        rule(Names.METRICS_PORT))
                .endSpec()
                .build();
    }

    private static NetworkPolicyPeer pods(StorageCluster cluster, String component) {
        return new NetworkPolicyPeerBuilder()
                .withNewPodSelector()
                .withMatchLabels(Names.selector(cluster, component))
                .endPodSelector()
                .build();
    }

    private static NetworkPolicyIngressRule rule(int port, NetworkPolicyPeer... from) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(from)
                .addNewPort()
                .withPort(new IntOrString(port))
                .withProtocol("TCP")
                .endPort()
                .build();
    }
}
