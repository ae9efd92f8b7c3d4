package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;

/** Lets Kubernetes take away one storage node at a time, for example when machines are drained. */
public final class NodesBudget {
    private NodesBudget() {}

    public static PodDisruptionBudget desired(StorageCluster cluster) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodes(cluster)))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .endSelector()
                .endSpec()
                .build();
    }
}
