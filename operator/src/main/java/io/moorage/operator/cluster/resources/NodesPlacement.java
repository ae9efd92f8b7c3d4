package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.PodAffinityTermBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.AntiAffinity;
import io.moorage.crds.v1alpha1.cluster.Placement;
import io.moorage.operator.naming.Names;
import java.util.List;

/** On which machines storage nodes run, as spec.placement says. */
final class NodesPlacement {
    static final String HOST = "kubernetes.io/hostname";
    private static final int STRONGEST = 100;

    private NodesPlacement() {}

    static PodSpec place(StorageCluster cluster, PodSpec pod) {
        Placement placement = cluster.getSpec().placement();
        LabelSelector nodes = new LabelSelectorBuilder()
                .withMatchLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .build();
        return new PodSpecBuilder(pod)
                .withNodeSelector(placement.nodeSelector().isEmpty() ? null : placement.nodeSelector())
                .withTolerations(placement.tolerations())
                .withAffinity(affinity(placement.affinity(), placement.antiAffinity(), nodes))
                .withTopologySpreadConstraints(spread(placement, nodes))
                .build();
    }

    /** @param given may be null; it is kept as it is and added to */
    static Affinity affinity(Affinity given, AntiAffinity asked, LabelSelector pods) {
        PodAffinityTerm term = new PodAffinityTermBuilder()
                .withTopologyKey(HOST)
                .withLabelSelector(pods)
                .build();
        AffinityBuilder affinity = given == null ? new AffinityBuilder() : new AffinityBuilder(given);
        return switch (asked) {
            case NONE -> given;
            case REQUIRED ->
                affinity.editOrNewPodAntiAffinity()
                        .addToRequiredDuringSchedulingIgnoredDuringExecution(term)
                        .endPodAntiAffinity()
                        .build();
            case PREFERRED ->
                affinity.editOrNewPodAntiAffinity()
                        .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                        .withWeight(STRONGEST)
                        .withPodAffinityTerm(term)
                        .endPreferredDuringSchedulingIgnoredDuringExecution()
                        .endPodAntiAffinity()
                        .build();
        };
    }

    private static List<TopologySpreadConstraint> spread(Placement placement, LabelSelector nodes) {
        if (placement.topologySpreadConstraints().isEmpty()) {
            return List.of(new TopologySpreadConstraintBuilder()
                    .withMaxSkew(1)
                    .withTopologyKey(placement.zoneKey())
                    .withWhenUnsatisfiable("ScheduleAnyway")
                    .withLabelSelector(nodes)
                    .build());
        }
        return placement.topologySpreadConstraints().stream()
                .map(constraint -> constraint.getLabelSelector() != null
                        ? constraint
                        : new TopologySpreadConstraintBuilder(constraint)
                                .withLabelSelector(nodes)
                                .build())
                .toList();
    }
}
