package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.moorage.operator.naming.Names;
import java.util.Map;
import java.util.Optional;

/** Whose an object is. What is not ours is neither changed nor removed. */
final class Ownership {
    private Ownership() {}

    /** Whether both have the same controller. */
    static boolean same(HasMetadata actual, HasMetadata desired) {
        return controller(actual)
                .map(OwnerReference::getUid)
                .equals(controller(desired).map(OwnerReference::getUid));
    }

    /**
     * Whether the object belongs to a former cluster of the same name: Kubernetes is about to remove it.
     */
    static boolean former(HasMetadata actual, HasMetadata desired) {
        OwnerReference ours = controller(desired).orElseThrow();
        return controller(actual)
                .filter(owner -> !owner.getUid().equals(ours.getUid())
                        && owner.getKind().equals(ours.getKind())
                        && owner.getName().equals(ours.getName()))
                .isPresent();
    }

    /**
     * Whether the object has lost its owner (deleted with --cascade=orphan) but is one that the operator made for a cluster of
     * this name, so that it may be taken up again.
     */
    static boolean orphan(HasMetadata actual, HasMetadata desired) {
        Map<String, String> labels = actual.getMetadata().getLabels();
        return controller(actual).isEmpty()
                && labels != null
                && Names.OPERATOR.equals(labels.get(Names.MANAGED_BY))
                && desired.getMetadata().getLabels().get(Names.CLUSTER_LABEL).equals(labels.get(Names.CLUSTER_LABEL));
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }
}
