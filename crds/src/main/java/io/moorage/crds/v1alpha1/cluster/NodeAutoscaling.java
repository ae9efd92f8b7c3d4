package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Adds and removes storage nodes by how full they are. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "self.minNodes <= self.maxNodes",
        message = "must not be above maxNodes",
        fieldPath = ".minNodes")
public record NodeAutoscaling(
        @JsonPropertyDescription("The fewest storage nodes.") @Required @Min(1) @Max(100)
        Integer minNodes,

        @JsonPropertyDescription("The most storage nodes.") @Required @Min(1) @Max(100)
        Integer maxNodes,

        @JsonPropertyDescription(
                "A node is added when more than this of the cluster's disk space is used, and removed when the rest would stay well below it.")
        @Default("70")
        @Min(10)
        @Max(95)
        Integer targetUsedPercent,

        @JsonPropertyDescription("How long to wait after a change of the number of nodes before the next one.")
        @Default("30m")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('1m') && duration(self) <= duration('168h')",
                message = "must be a duration from 1m to 168h, such as 30m")
        String coolDown) {
    public NodeAutoscaling {
        targetUsedPercent = targetUsedPercent == null ? 70 : targetUsedPercent;
        coolDown = coolDown == null ? "30m" : coolDown;
    }
}
