package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.soabase.recordbuilder.core.RecordBuilder;

/** The last time that a storage node compared everything on its disk with its checksums. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScrubStatus(
        @JsonPropertyDescription("When it began.") String startedAt,

        @JsonPropertyDescription("When it ended; absent while it is under way.")
        String finishedAt,

        @JsonPropertyDescription("How much was read, once it has ended.")
        Long verifiedBytes,

        @JsonPropertyDescription(
                "Damaged copies that were found. They are mended from the other replicas; missingExtents of the groups' members tell how many are still to be.")
        Long bad) {}
