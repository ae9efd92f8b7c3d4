package io.moorage.crds.v1alpha1.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** How a snapshot is doing. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SnapshotStatus(
        @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "What holds now: Ready, Progressing (the operator is changing something) and Degraded (it works, but not as asked), each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("The state is kept and can be read.")
        Boolean readyToUse,

        @JsonPropertyDescription(
                "Version of the volume that is kept: log index and position in the log entry of the command that made the snapshot.")
        Long version,

        @JsonPropertyDescription("Name of the StorageCluster that keeps it.")
        String cluster,

        @JsonPropertyDescription("Id of the group that keeps it, a UUID.")
        String group,

        @JsonPropertyDescription("Id in that group of the volume whose state it is.")
        Long volumeId,

        @JsonPropertyDescription("Sum of the sizes of the volume's entries at that version.")
        Quantity restoreSize,

        @JsonPropertyDescription("Files, objects, keys and directories at that version.")
        Long entries,

        @JsonPropertyDescription("When the state was pinned.")
        String creationTime,

        @JsonPropertyDescription("When it is removed; absent when never.")
        String expirationTime) {
    public SnapshotStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
