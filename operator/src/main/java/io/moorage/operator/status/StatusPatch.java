package io.moorage.operator.status;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;

/** What is applied when a status is written: the identity and the status, and nothing that is not the operator's. */
public final class StatusPatch {
    private StatusPatch() {}

    /** @param empty a new object of the resource's type, which becomes the patch */
    public static <S, R extends CustomResource<?, S>> R of(R resource, R empty, S status) {
        empty.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        empty.setStatus(status);
        return empty;
    }
}
