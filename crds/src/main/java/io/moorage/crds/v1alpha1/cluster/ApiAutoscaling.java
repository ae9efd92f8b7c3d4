package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Bounds of the API servers' HorizontalPodAutoscaler. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "self.minReplicas <= self.maxReplicas",
        message = "must not be above maxReplicas",
        fieldPath = ".minReplicas")
public record ApiAutoscaling(
        @JsonPropertyDescription("The fewest API servers.") @Default("2") @Min(1) @Max(100)
        Integer minReplicas,

        @JsonPropertyDescription("The most API servers.") @Required @Min(1) @Max(100)
        Integer maxReplicas,

        @JsonPropertyDescription(
                "API servers are added when their CPU use, in percent of what they request, is above this on average.")
        @Default("75")
        @Min(10)
        @Max(100)
        Integer targetCpuPercent) {
    public ApiAutoscaling {
        minReplicas = minReplicas == null ? 2 : minReplicas;
        targetCpuPercent = targetCpuPercent == null ? 75 : targetCpuPercent;
    }
}
