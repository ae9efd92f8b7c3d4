package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** How a storage cluster is doing. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StorageClusterStatus(
        @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "What holds now: Ready, Progressing (the operator is changing something) and Degraded (it works, but not as asked), each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("Storage nodes that answer and take data.") @StatusReplicas
        Integer readyNodes,

        @JsonPropertyDescription("Label selector of the storage nodes' pods, for the scale subresource.") @LabelSelector
        String selector,

        @JsonPropertyDescription("Image that all storage nodes run; absent while they differ.")
        String image,

        @JsonPropertyDescription("Version of Moorage that all storage nodes run; absent while they differ.")
        String version,

        @JsonPropertyDescription("How many Volume resources name this cluster.")
        Integer volumes,

        @JsonPropertyDescription("Disk space of all storage nodes together.")
        Long capacityBytes,

        @JsonPropertyDescription("Disk space in use on all storage nodes together.")
        Long usedBytes,

        @JsonPropertyDescription("usedBytes in percent of capacityBytes.")
        Integer usedPercent,

        @JsonPropertyDescription("What users stored: the sum of the sizes of all entries, each counted once.")
        Long logicalBytes,

        @JsonPropertyDescription("The API servers.") ApiStatus api,
        @JsonPropertyDescription("The storage nodes.") List<NodeStatus> nodes,

        @JsonPropertyDescription("The Raft groups and where their replicas are.")
        List<GroupStatus> groups,

        @JsonPropertyDescription("The rolling update that is under way; absent when there is none.")
        UpdateStatus update,

        @JsonPropertyDescription("When autoscaling last changed the number of nodes.")
        String lastScaleTime,

        @JsonPropertyDescription(
                "Everything in the cluster was compared with its checksums by this time: when the last of the storage nodes ended its scrub. Absent while one has not.")
        String lastScrubTime) {
    public StorageClusterStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
        groups = groups == null ? List.of() : List.copyOf(groups);
    }
}
