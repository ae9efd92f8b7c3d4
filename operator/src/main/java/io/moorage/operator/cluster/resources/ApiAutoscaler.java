package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ApiAutoscaling;
import io.moorage.operator.naming.Names;

/** Chooses the number of API servers by their use of CPU, where spec.api.autoscaling asks for it. */
public final class ApiAutoscaler {
    private ApiAutoscaler() {}

    /** @param cluster that asks for autoscaling */
    public static HorizontalPodAutoscaler desired(StorageCluster cluster) {
        ApiAutoscaling asked = cluster.getSpec().api().autoscaling();
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                .withNewSpec()
                .withNewScaleTargetRef()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName(Names.api(cluster))
                .endScaleTargetRef()
                .withMinReplicas(asked.minReplicas())
                .withMaxReplicas(asked.maxReplicas())
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(asked.targetCpuPercent())
                .endTarget()
                .endResource()
                .endMetric()
                .endSpec()
                .build();
    }
}
