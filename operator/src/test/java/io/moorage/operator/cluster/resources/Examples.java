package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.moorage.crds.v1alpha1.StorageCluster;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** StorageClusters and what they become. */
final class Examples {
    static final ResourceInputs LEAST = new ResourceInputs("moorage:test", 3, Optional.empty(), false, List.of());
    static final ResourceInputs MOST =
            new ResourceInputs("moorage:test", 5, Optional.of("moorage-system"), true, List.of("photo-app", "backup"));

    private Examples() {}

    static StorageCluster minimal() {
        return read("minimal");
    }

    static StorageCluster full() {
        return read("full");
    }

    private static StorageCluster read(String name) {
        try (InputStream yaml = Examples.class.getResourceAsStream("/cluster-resources/" + name + ".yaml")) {
            return Serialization.unmarshal(yaml, StorageCluster.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static <R extends HasMetadata> R find(ClusterResources resources, Class<R> type) {
        return resources.wanted().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
