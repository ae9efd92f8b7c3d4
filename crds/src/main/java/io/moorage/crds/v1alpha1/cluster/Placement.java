package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** On which machines storage nodes run. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Placement(
        @JsonPropertyDescription(
                "Label of Kubernetes nodes that names their failure domain. The replicas of a group are spread over as many zones as there are.")
        @Default("topology.kubernetes.io/zone")
        @Size(min = 1, max = 317)
        String zoneKey,

        @JsonPropertyDescription(
                "Whether two storage nodes of this cluster may share a machine: Required (never), Preferred (only when there is no other place), None.")
        @Default("Preferred")
        AntiAffinity antiAffinity,

        @JsonPropertyDescription("Labels that a machine must have, as nodeSelector of a pod.") @Size(max = 64)
        Map<String, String> nodeSelector,

        @JsonPropertyDescription(
                "Further affinity, as affinity of a pod (kubectl explain pod.spec.affinity). What antiAffinity asks for is added to it.")
        Affinity affinity,

        @JsonPropertyDescription("Taints that storage nodes tolerate, as tolerations of a pod.") @Size(max = 64)
        List<Toleration> tolerations,

        @JsonPropertyDescription(
                "How storage nodes spread over failure domains, as topologySpreadConstraints of a pod. Left out: evenly over zoneKey, as far as possible. A constraint without labelSelector is about this cluster's storage nodes.")
        @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints) {
    public Placement {
        zoneKey = zoneKey == null ? "topology.kubernetes.io/zone" : zoneKey;
        antiAffinity = antiAffinity == null ? AntiAffinity.PREFERRED : antiAffinity;
        nodeSelector = nodeSelector == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(nodeSelector));
        tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
        topologySpreadConstraints =
                topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
    }
}
