package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A rolling update that is under way. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UpdateStatus(
        @JsonPropertyDescription("Storage nodes that run the new pod template.")
        Integer updatedNodes,

        @JsonPropertyDescription("The node that is being updated.")
        String currentNode,

        @JsonPropertyDescription("When the update of that node began.")
        String nodeStartedTime,

        @JsonPropertyDescription("What it waits for.") String message) {}
