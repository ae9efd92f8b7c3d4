package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The configuration file of the API servers. */
public final class ApiConfig {
    static final String FILE = "api.yaml";
    /** Requests under way get this long to finish when a server is stopped. */
    static final int SHUTDOWN_SECONDS = 30;

    private ApiConfig() {}

    public static ConfigMap desired(StorageCluster cluster) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withData(Map.of(FILE, file(cluster)))
                .build();
    }

    static String file(StorageCluster cluster) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "server.port", String.valueOf(Names.API_PORT),
                "server.shutdown-seconds", String.valueOf(SHUTDOWN_SECONDS),
                "s3.port", String.valueOf(Names.S3_PORT),
                "metrics.port", String.valueOf(Names.METRICS_PORT),
                "kubernetes.cluster", cluster.getMetadata().getName(),
                "kubernetes.namespace", cluster.getMetadata().getNamespace()));
        List<String> networks = cluster.getSpec().api().webhookNetworks();
        if (!networks.isEmpty()) {
            keys.put("webhooks.allow", String.join(",", networks));
        }
        return Yaml.of(keys, "the API servers' configuration");
    }
}
