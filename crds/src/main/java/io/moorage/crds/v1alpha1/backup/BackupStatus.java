package io.moorage.crds.v1alpha1.backup;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** How a backup is doing. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record BackupStatus(
        @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "What holds now: Ready, Progressing (the operator is changing something) and Degraded (it works, but not as asked), each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("Version of the volume that is copied.")
        Long version,

        @JsonPropertyDescription("Where the backup is in the object store, once it is complete.")
        String location,

        @JsonPropertyDescription("Files, objects, keys and directories in it.")
        Long entries,

        @JsonPropertyDescription("Sum of the sizes of its entries.")
        Quantity size,

        @JsonPropertyDescription("Bytes copied so far.") Long copiedBytes,
        @JsonPropertyDescription("When the copy began.") String startTime,

        @JsonPropertyDescription("When it was complete and verified.")
        String completionTime) {
    public BackupStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
