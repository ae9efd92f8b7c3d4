package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How objects are in Kubernetes now. A cache may answer: what is a little old costs a write that changes nothing, and before
 * anything is taken away Kubernetes itself is asked.
 */
public interface Lookup {

    /** The object of the same type, namespace and name. */
    Optional<HasMetadata> get(HasMetadata desired);

    /** The claims of a cluster's storage nodes, also of those that were removed. */
    List<PersistentVolumeClaim> claims(String namespace, Map<String, String> selector);

    /** Asks Kubernetes every time. */
    static Lookup of(KubernetesClient client) {
        return new Lookup() {
            @Override
            public Optional<HasMetadata> get(HasMetadata desired) {
                return Optional.ofNullable(client.resource(desired).get());
            }

            @Override
            public List<PersistentVolumeClaim> claims(String namespace, Map<String, String> selector) {
                return client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withLabels(selector)
                        .list()
                        .getItems();
            }
        };
    }
}
