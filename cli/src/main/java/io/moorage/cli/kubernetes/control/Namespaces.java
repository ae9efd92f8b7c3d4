package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Namespaces are active from the start, and stay until they are empty. */
final class Namespaces implements Controller {
    private final Api api;

    Namespaces(Api api) {
        this.api = api;
    }

    @Override
    public void reconcile() {
        for (ObjectNode namespace : api.list("namespaces")) {
            String phase = Objects.isDeleted(namespace) ? "Terminating" : "Active";
            if (!Objects.isDeleted(namespace) && !Objects.hasFinalizer(namespace, Seeds.NAMESPACE_FINALIZER)) {
                api.change(
                        "namespaces",
                        namespace,
                        next -> next.withObject("/metadata")
                                .withArray("/finalizers")
                                .add(Seeds.NAMESPACE_FINALIZER));
            }
            if (!namespace.at("/status/phase").asText().equals(phase)) {
                api.status("namespaces", namespace, status -> status.put("phase", phase));
            }
        }
    }
}
