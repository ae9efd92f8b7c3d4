package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.Map;
import java.util.TreeMap;

/** The configuration file of the storage nodes. */
public final class NodesConfig {
    static final String FILE = "node.yaml";
    static final String DATA = "/var/lib/moorage";

    private NodesConfig() {}

    /** @throws RefusedException spec.config cannot be written as a file */
    public static ConfigMap desired(StorageCluster cluster) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodesService(cluster)))
                .withData(Map.of(FILE, file(cluster)))
                .build();
    }

    static String file(StorageCluster cluster) {
        Map<String, String> keys = new TreeMap<>(cluster.getSpec().config());
        keys.put("storage.directory", DATA);
        keys.put("network.service-port", String.valueOf(Names.SERVICE_PORT));
        keys.put("network.raft-port", String.valueOf(Names.RAFT_PORT));
        keys.put("network.metrics-port", String.valueOf(Names.METRICS_PORT));
        return Yaml.of(keys, "spec.config");
    }
}
