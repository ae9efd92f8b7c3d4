package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes objects so that Kubernetes knows which fields are ours, and leaves those of others alone. */
final class ServerSideApply {
    /** Bad request, and unprocessable: the object itself is wrong, and will be wrong the next time too. */
    private static final Set<Integer> WRONG = Set.of(400, 422);

    private ServerSideApply() {}

    /** @throws RefusedException Kubernetes says that the object is invalid */
    static <R extends HasMetadata> R apply(KubernetesClient client, R desired, String fieldManager) {
        try {
            return applyOnce(client, desired, fieldManager);
        } catch (KubernetesClientException e) {
            if (WRONG.contains(e.getCode())) {
                if (desired instanceof Service service && replacePorts(client, service, fieldManager)) {
                    return applyOnce(client, desired, fieldManager);
                }
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

    private static <R extends HasMetadata> R applyOnce(KubernetesClient client, R desired, String fieldManager) {
        return client.resource(desired)
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(fieldManager)
                        // Fields of ours that somebody else has changed are put back.
                        .withForce(true)
                        .build());
    }

    /**
     * Ports are told apart by their number, so that one that somebody gave another number is not ours any more, and in the way of
     * ours by its name: then the whole list is put back.
     *
     * @return whether there was something to put back
     */
    private static boolean replacePorts(KubernetesClient client, Service desired, String fieldManager) {
        Service actual = client.resource(desired).get();
        boolean same = actual == null || numbers(actual).equals(numbers(desired));
        if (same) {
            return false;
        }
        client.resource(desired)
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.JSON_MERGE)
                                .withFieldManager(fieldManager)
                                .build(),
                        "{\"spec\":{\"ports\":"
                                + Serialization.asJson(desired.getSpec().getPorts()) + "}}");
        return true;
    }

    private static Set<Integer> numbers(Service service) {
        return service.getSpec().getPorts().stream().map(ServicePort::getPort).collect(Collectors.toSet());
    }

    static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
