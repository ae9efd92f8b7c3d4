package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;

/** Lets Kubernetes take away one API server at a time. */
public final class ApiBudget {
    private ApiBudget() {}

    public static PodDisruptionBudget desired(StorageCluster cluster) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                // One that does not answer holds nothing, so it never stands in the way of a drain.
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .withNewSelector()
                .withMatchLabels(Names.selector(cluster, Names.API_SERVER))
                .endSelector()
                .endSpec()
                .build();
    }
}
