package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ClaimPolicy;
import io.moorage.crds.v1alpha1.cluster.StorageSpec;
import io.moorage.operator.naming.Names;
import java.util.Map;

/**
 * The storage nodes. All are started at once, and none is replaced by the StatefulSet's own controller (OnDelete): which pod may
 * go next depends on the groups on it. Claims have no owner but the StatefulSet, as spec.storage says, so that data survives.
 */
public final class NodesStatefulSet {
    /** Annotation of pods: what the configuration file was. The process reads it when it starts, and never again. */
    public static final String CONFIG_HASH = "moorage.io/config-hash";

    private static final long GRACE_SECONDS = 60;

    private NodesStatefulSet() {}

    /** @throws RefusedException spec.config cannot be written as a file */
    public static StatefulSet desired(StorageCluster cluster, ResourceInputs inputs) {
        StorageSpec storage = cluster.getSpec().storage();
        return new StatefulSetBuilder()
                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodes(cluster)))
                .withNewSpec()
                .withReplicas(inputs.nodes())
                .withServiceName(Names.nodesService(cluster))
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted(policy(storage.whenDeleted()))
                .withWhenScaled(policy(storage.whenScaled()))
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(Names.labels(cluster, Names.STORAGE_NODE))
                .withAnnotations(Map.of(CONFIG_HASH, Hashes.of(NodesConfig.file(cluster))))
                .endMetadata()
                .withSpec(pod(cluster, inputs))
                .endTemplate()
                .withVolumeClaimTemplates(claim(storage))
                .endSpec()
                .build();
    }

    private static PodSpec pod(StorageCluster cluster, ResourceInputs inputs) {
        PodSpec pod = new PodSpecBuilder()
                .withContainers(NodesContainer.desired(cluster, inputs))
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withImagePullSecrets(cluster.getSpec().imagePullSecrets())
                .addNewVolume()
                .withName(NodesContainer.CONFIG_VOLUME)
                .withNewConfigMap()
                .withName(Names.nodesService(cluster))
                .endConfigMap()
                .endVolume()
                .build();
        return NodesPlacement.place(cluster, Hardening.pod(pod));
    }

    /** Without labels of its own: nothing in a template of claims can ever be changed. */
    private static PersistentVolumeClaim claim(StorageSpec storage) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(NodesContainer.DATA_VOLUME)
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage.storageClassName())
                .withNewResources()
                .addToRequests(Claims.STORAGE, storage.size())
                .endResources()
                .endSpec()
                .build();
    }

    private static String policy(ClaimPolicy policy) {
        return switch (policy) {
            case RETAIN -> "Retain";
            case DELETE -> "Delete";
        };
    }
}
