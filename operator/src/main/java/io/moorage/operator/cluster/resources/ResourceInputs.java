package io.moorage.operator.cluster.resources;

import java.util.List;
import java.util.Optional;

/**
 * What the objects of a cluster depend on besides its spec. Immutable.
 *
 * @param defaultImage image of clusters that name none
 * @param nodes pods that the StatefulSet has now. While nodes are drained this is more than the spec asks for
 * @param operatorNamespace where the operator runs. Empty: outside of Kubernetes, where no NetworkPolicy could let it in, and so
 *     there is none
 * @param serviceMonitors whether Kubernetes knows the type ServiceMonitor
 * @param userSecrets names of the Secrets of the cluster's users, which the API servers may read
 */
public record ResourceInputs(
        String defaultImage,
        int nodes,
        Optional<String> operatorNamespace,
        boolean serviceMonitors,
        List<String> userSecrets) {
    public ResourceInputs {
        // Sorted, because the order of a rule's names is part of the object.
        userSecrets = userSecrets.stream().distinct().sorted().toList();
    }
}
