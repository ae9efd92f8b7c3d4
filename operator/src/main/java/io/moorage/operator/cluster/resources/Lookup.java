package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How objects are in Kubernetes now: by the caches behind the reconciler's event sources where they know the object, otherwise by
 * asking. A cached object may be a little old, which costs a write that changes nothing; that there is none is never believed of
 * a cache, because it holds only what belongs to the cluster.
 */
final class Lookup {
    private final Context<?> context;

    Lookup(Context<?> context) {
        this.context = context;
    }

    /** The object of the same type, namespace and name. */
    Optional<HasMetadata> get(HasMetadata desired) {
        return cachedLike(desired).or(() -> live(context.getClient(), desired));
    }

    /** The object of the same type, namespace and name, if a cache knows it. */
    Optional<HasMetadata> cachedLike(HasMetadata desired) {
        return cached(desired.getClass()).stream()
                .filter(object -> object.getMetadata()
                                .getName()
                                .equals(desired.getMetadata().getName())
                        && object.getMetadata()
                                .getNamespace()
                                .equals(desired.getMetadata().getNamespace()))
                .map(HasMetadata.class::cast)
                .findFirst();
    }

    /** The claims of a cluster's storage nodes, also of those that were removed. */
    List<PersistentVolumeClaim> claims(StatefulSet nodes) {
        Set<PersistentVolumeClaim> cached = cached(PersistentVolumeClaim.class);
        return cached.isEmpty() ? liveClaims(context.getClient(), nodes) : List.copyOf(cached);
    }

    private <R> Set<R> cached(Class<R> type) {
        return context.getSecondaryResources(type);
    }

    static Optional<HasMetadata> live(KubernetesClient client, HasMetadata desired) {
        return Optional.ofNullable(client.resource(desired).get());
    }

    static List<PersistentVolumeClaim> liveClaims(KubernetesClient client, StatefulSet nodes) {
        return client.persistentVolumeClaims()
                .inNamespace(nodes.getMetadata().getNamespace())
                .withLabels(nodes.getSpec().getSelector().getMatchLabels())
                .list()
                .getItems();
    }
}
