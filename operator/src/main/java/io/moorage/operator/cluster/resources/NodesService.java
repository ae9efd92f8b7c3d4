package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;

/** The headless service that gives each storage node a name. */
public final class NodesService {
    static final String SERVICES = "grpc";
    static final String RAFT = "raft";
    static final String METRICS = "metrics";

    private NodesService() {}

    public static Service desired(StorageCluster cluster) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodesService(cluster)))
                .withNewSpec()
                .withClusterIP("None")
                // Nodes become ready by finding each other, so they have to be found before.
                .withPublishNotReadyAddresses(true)
                .withSelector(Names.selector(cluster, Names.STORAGE_NODE))
                .withPorts(
                        port(SERVICES, Names.SERVICE_PORT),
                        port(RAFT, Names.RAFT_PORT),
                        port(METRICS, Names.METRICS_PORT))
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int port) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(port)
                .withTargetPort(new IntOrString(name))
                .withProtocol("TCP")
                .build();
    }
}
