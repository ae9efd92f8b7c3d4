package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.operator.naming.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Watches what belongs to storage clusters, so that a change of it leads to a reconcile of its cluster, and remembers it, so that
 * a reconcile need not ask. Thread-safe.
 */
final class Informers {
    /** Types whose objects belong to clusters, and are known by their label. */
    static final List<Class<? extends HasMetadata>> OWNED = List.of(
            ServiceAccount.class,
            Role.class,
            RoleBinding.class,
            ConfigMap.class,
            Service.class,
            NetworkPolicy.class,
            PodDisruptionBudget.class,
            StatefulSet.class,
            Deployment.class,
            HorizontalPodAutoscaler.class,
            Pod.class,
            PersistentVolumeClaim.class);

    private final Map<Class<?>, InformerEventSource<? extends HasMetadata, StorageCluster>> sources = new HashMap<>();

    /** The event sources of a controller; to be called once. */
    List<EventSource<?, StorageCluster>> prepare(EventSourceContext<StorageCluster> context) {
        List<EventSource<?, StorageCluster>> all = new ArrayList<>();
        OWNED.forEach(type -> all.add(labelled(type, context)));
        all.add(referring(Volume.class, volume -> volume.getSpec().clusterRef().name(), context));
        all.add(referring(StorageUser.class, user -> user.getSpec().clusterRef().name(), context));
        return all;
    }

    private <T extends HasMetadata> EventSource<?, StorageCluster> labelled(
            Class<T> type, EventSourceContext<StorageCluster> context) {
        InformerEventSource<T, StorageCluster> source = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, StorageCluster.class)
                        .withName(type.getSimpleName())
                        .withLabelSelector(Names.CLUSTER_LABEL)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(object -> cluster(object))
                        .build(),
                context);
        sources.put(type, source);
        return source;
    }

    private static Set<ResourceID> cluster(HasMetadata object) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(Names.CLUSTER_LABEL))
                .map(name -> Set.of(new ResourceID(name, object.getMetadata().getNamespace())))
                .orElse(Set.of());
    }

    private interface Referring<T> {
        String cluster(T object);
    }

    private <T extends HasMetadata> EventSource<?, StorageCluster> referring(
            Class<T> type, Referring<T> reference, EventSourceContext<StorageCluster> context) {
        InformerEventSource<T, StorageCluster> source = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, StorageCluster.class)
                        .withName(type.getSimpleName())
                        .withNamespacesInheritedFromController()
                        // Their status changes all the time, and tells nothing about the cluster.
                        .withOnUpdateFilter((next, before) -> next.isMarkedForDeletion()
                                || !next.getMetadata()
                                        .getGeneration()
                                        .equals(before.getMetadata().getGeneration()))
                        .withSecondaryToPrimaryMapper(object -> Set.of(new ResourceID(
                                reference.cluster(object), object.getMetadata().getNamespace())))
                        .build(),
                context);
        sources.put(type, source);
        return source;
    }

    /** What belongs to, or refers to, a cluster. */
    <T extends HasMetadata> List<T> of(StorageCluster cluster, Class<T> type) {
        return sources.get(type).getSecondaryResources(cluster).stream()
                .map(type::cast)
                .toList();
    }
}
