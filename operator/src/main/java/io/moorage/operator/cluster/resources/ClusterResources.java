package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.operator.naming.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a StorageCluster consists of. Immutable.
 *
 * @param wanted desired states, in the order in which they are applied: what others need comes first
 * @param unwanted names of objects that an earlier spec asked for, and this one does not
 */
public record ClusterResources(List<HasMetadata> wanted, List<HasMetadata> unwanted) {

    /** @throws RefusedException the spec cannot be made into objects */
    public static ClusterResources of(StorageCluster cluster, ResourceInputs inputs) {
        List<HasMetadata> wanted = new ArrayList<>();
        List<HasMetadata> unwanted = new ArrayList<>();
        wanted.add(ApiAccess.account(cluster));
        wanted.add(ApiAccess.role(cluster, inputs.userSecrets()));
        wanted.add(ApiAccess.binding(cluster));
        wanted.add(NodesConfig.desired(cluster));
        wanted.add(ApiConfig.desired(cluster));
        wanted.add(NodesService.desired(cluster));
        wanted.add(ApiService.desired(cluster));
        inputs.operatorNamespace()
                .ifPresentOrElse(
                        namespace -> wanted.add(NodesNetworkPolicy.desired(cluster, namespace)),
                        () -> unwanted.add(new NetworkPolicyBuilder()
                                .withMetadata(Metadata.of(cluster, Names.STORAGE_NODE, Names.nodes(cluster)))
                                .build()));
        wanted.add(NodesBudget.desired(cluster));
        wanted.add(ApiBudget.desired(cluster));
        wanted.add(NodesStatefulSet.desired(cluster, inputs));
        wanted.add(ApiDeployment.desired(cluster, inputs));
        if (cluster.getSpec().api().autoscaling() != null) {
            wanted.add(ApiAutoscaler.desired(cluster));
        } else {
            unwanted.add(new HorizontalPodAutoscalerBuilder()
                    .withMetadata(Metadata.of(cluster, Names.API_SERVER, Names.api(cluster)))
                    .build());
        }
        if (inputs.serviceMonitors()) {
            wanted.add(ServiceMonitor.desired(cluster));
        }
        return new ClusterResources(List.copyOf(wanted), List.copyOf(unwanted));
    }
}
