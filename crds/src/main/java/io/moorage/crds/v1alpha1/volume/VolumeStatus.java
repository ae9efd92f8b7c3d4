package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** How a volume is doing. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VolumeStatus(
        @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "What holds now: Ready, Progressing (the operator is changing something) and Degraded (it works, but not as asked), each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("Id of the volume in its group; absent until it was made.")
        Long volumeId,

        @JsonPropertyDescription("Id of the group that it lives in, a UUID.")
        String group,

        @JsonPropertyDescription("Name of the storage node that leads its group; absent when there is none.")
        String leader,

        @JsonPropertyDescription("Replicas that have everything.")
        Integer readyReplicas,

        @JsonPropertyDescription("Its replicas.") List<VolumeReplica> replicas,

        @JsonPropertyDescription("Files, objects, keys and directories in it.")
        Long entries,

        @JsonPropertyDescription("Sum of the sizes of its entries: what the quota counts.")
        Long logicalBytes,

        @JsonPropertyDescription("Bytes that it takes on each replica, with what snapshots and history keep.")
        Long usedBytes,

        @JsonPropertyDescription("usedBytes for people, such as 1.5Gi.")
        String used,

        @JsonPropertyDescription("Where it is reached.") Endpoints endpoints,

        @JsonPropertyDescription("When the schedule last made a snapshot.")
        String lastSnapshotTime,

        @JsonPropertyDescription("When the schedule makes the next one.")
        String nextSnapshotTime) {
    public VolumeStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
        replicas = replicas == null ? List.of() : List.copyOf(replicas);
    }
}
