package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Set;

/** Writes objects so that Kubernetes knows which fields are ours, and leaves those of others alone. */
final class ServerSideApply {
    /** Bad request, and unprocessable: the object itself is wrong, and will be wrong the next time too. */
    private static final Set<Integer> WRONG = Set.of(400, 422);

    private ServerSideApply() {}

    /** @throws RefusedException Kubernetes says that the object is invalid */
    static <R extends HasMetadata> R apply(KubernetesClient client, R desired, String fieldManager) {
        try {
            return client.resource(desired)
                    .patch(new PatchContext.Builder()
                            .withPatchType(PatchType.SERVER_SIDE_APPLY)
                            .withFieldManager(fieldManager)
                            // Fields of ours that somebody else has changed are put back.
                            .withForce(true)
                            .build());
        } catch (KubernetesClientException e) {
            if (WRONG.contains(e.getCode())) {
                throw new RefusedException(
                        "RejectedByKubernetes",
                        "Kubernetes refuses " + name(desired) + ": "
                                + (e.getStatus() == null
                                        ? e.getMessage()
                                        : e.getStatus().getMessage()));
            }
            throw e;
        }
    }

    static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
