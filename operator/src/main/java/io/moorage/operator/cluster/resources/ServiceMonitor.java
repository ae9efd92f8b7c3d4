package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.List;
import java.util.Map;

/** Tells the Prometheus operator to scrape storage nodes and API servers. */
public final class ServiceMonitor {
    public static final String API_VERSION = "monitoring.coreos.com/v1";
    public static final String KIND = "ServiceMonitor";
    /** Name of the definition that is there when Kubernetes knows the type. */
    public static final String DEFINITION = "servicemonitors.monitoring.coreos.com";

    private ServiceMonitor() {}

    public static GenericKubernetesResource desired(StorageCluster cluster) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion(API_VERSION)
                .withKind(KIND)
                .withMetadata(Metadata.of(
                        cluster, Names.STORAGE_NODE, cluster.getMetadata().getName()))
                .addToAdditionalProperties(
                        "spec",
                        Map.of(
                                "selector",
                                Map.of(
                                        "matchLabels",
                                        Map.of(
                                                Names.CLUSTER_LABEL,
                                                cluster.getMetadata().getName())),
                                "targetLabels",
                                List.of(Names.CLUSTER_LABEL, Names.COMPONENT_LABEL),
                                // A port that a service does not have is left out there.
                                "endpoints",
                                List.of(
                                        Map.of("port", NodesService.METRICS, "path", "/metrics"),
                                        Map.of("port", ApiService.HTTP, "path", "/storage/metrics"))))
                .build();
    }
}
