package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.soabase.recordbuilder.core.RecordBuilder;

/** How much of a volume's change feed is kept. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ChangeFeed(
        @JsonPropertyDescription(
                "The most changes that are kept; older ones are forgotten. 0: none is kept, and nobody can follow the volume. Left out: 100000.")
        @Min(0)
        @Max(100_000_000)
        Long maxCount,

        @JsonPropertyDescription(
                "The most bytes of values that were overwritten or deleted meanwhile; past it, old changes are told without their values. Left out: 64Mi.")
        @ValidationRule(
                value = "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('1Ki')) >= 0",
                message = "must be a quantity of at least 1Ki, such as 64Mi")
        Quantity maxValueSize) {}
