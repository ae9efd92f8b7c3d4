package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ServiceType;
import io.moorage.operator.naming.Names;

/** The service in front of the API servers. Their metrics port is not part of it, because it may be open to the world. */
public final class ApiService {
    static final String HTTP = "http";
    static final String S3 = "s3";

    private ApiService() {}

    public static Service desired(StorageCluster cluster) {
        var service = cluster.getSpec().api().service();
        ObjectMeta metadata = Metadata.of(cluster, Names.API_SERVER, Names.api(cluster));
        metadata.setAnnotations(service.annotations());
        return new ServiceBuilder()
                .withMetadata(metadata)
                .withNewSpec()
                .withType(type(service.type()))
                .withSelector(Names.selector(cluster, Names.API_SERVER))
                .addNewPort()
                .withName(HTTP)
                .withPort(service.port())
                .withTargetPort(new IntOrString(HTTP))
                .withProtocol("TCP")
                .endPort()
                .addNewPort()
                .withName(S3)
                .withPort(Names.S3_PORT)
                .withTargetPort(new IntOrString(S3))
                .withProtocol("TCP")
                .endPort()
                .endSpec()
                .build();
    }

    private static String type(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
        };
    }
}
