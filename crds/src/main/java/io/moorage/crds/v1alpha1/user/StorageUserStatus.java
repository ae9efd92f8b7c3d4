package io.moorage.crds.v1alpha1.user;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.moorage.crds.v1alpha1.Reference;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** How a user is doing. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StorageUserStatus(
        @JsonPropertyDescription("metadata.generation of the spec that this status is about.")
        Long observedGeneration,

        @JsonPropertyDescription(
                "What holds now: Ready, Progressing (the operator is changing something) and Degraded (it works, but not as asked), each with a reason and a message.")
        List<Condition> conditions,

        @JsonPropertyDescription("The access key that is in the Secret.")
        String accessKeyId,

        @JsonPropertyDescription("The Secret that holds the keys.")
        Reference secretRef,

        @JsonPropertyDescription("Value of the annotation moorage.io/rotate that the keys are from.")
        String rotation,

        @JsonPropertyDescription("When the keys were made.") String rotationTime,

        @JsonPropertyDescription("The access key before the last rotation, while it still works.")
        String formerAccessKeyId,

        @JsonPropertyDescription("When the former keys stop working.")
        String formerExpirationTime) {
    public StorageUserStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
