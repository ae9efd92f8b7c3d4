package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;

/**
 * Lets go of a Deployment's number of replicas when an autoscaler takes over. Only to leave the field out would remove it, and
 * Kubernetes would fill in its default: one pod. ("Transferring ownership" in the Kubernetes documentation of server-side apply.)
 */
final class Replicas {
    /** Keeps the number until the autoscaler changes it, or the spec names one again. */
    private static final String KEEPER = "-replicas";

    private Replicas() {}

    static void handOver(KubernetesClient client, Deployment actual, Deployment desired, String fieldManager) {
        if (desired.getSpec().getReplicas() != null || !owns(actual, fieldManager)) {
            return;
        }
        ServerSideApply.apply(
                client,
                new DeploymentBuilder()
                        .withNewMetadata()
                        .withName(actual.getMetadata().getName())
                        .withNamespace(actual.getMetadata().getNamespace())
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(actual.getSpec().getReplicas())
                        .endSpec()
                        .build(),
                fieldManager + KEEPER);
    }

    private static boolean owns(HasMetadata actual, String fieldManager) {
        return actual.getMetadata().getManagedFields().stream()
                .filter(entry -> fieldManager.equals(entry.getManager()) && "Apply".equals(entry.getOperation()))
                .map(entry -> entry.getFieldsV1().getAdditionalProperties().get("f:spec"))
                .anyMatch(spec -> spec instanceof Map<?, ?> fields && fields.containsKey("f:replicas"));
    }
}
