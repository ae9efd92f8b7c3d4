package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What clusters consist of, made anew when what it is made from has changed: to build and to name a dozen objects takes longer
 * than everything else in a round that changes nothing. One for all clusters. Thread-safe.
 */
public final class DesiredStates {
    /**
     * @param wanted in the order in which they are applied
     * @param unwanted as in {@link ClusterResources}
     */
    public record States(List<DesiredState> wanted, List<HasMetadata> unwanted) {}

    private record Made(StorageClusterSpec spec, ResourceInputs inputs, States states) {}

    private final Map<String, Made> clusters = new ConcurrentHashMap<>();

    /** @throws RefusedException the spec cannot be made into objects */
    public States of(StorageCluster cluster, ResourceInputs inputs) {
        String uid = cluster.getMetadata().getUid();
        Made made = clusters.get(uid);
        if (made == null || !made.spec.equals(cluster.getSpec()) || !made.inputs.equals(inputs)) {
            ClusterResources resources = ClusterResources.of(cluster, inputs);
            made = new Made(
                    cluster.getSpec(),
                    inputs,
                    new States(resources.wanted().stream().map(DesiredState::of).toList(), resources.unwanted()));
            clusters.put(uid, made);
        }
        return made.states;
    }

    /** The cluster is gone. */
    public void forget(StorageCluster cluster) {
        clusters.remove(cluster.getMetadata().getUid());
    }
}
