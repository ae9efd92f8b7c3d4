package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.ObjectStore;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Moves what is not read to an object store. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Tiering(
        @JsonPropertyDescription("Entries that were not read for this long are moved.")
        @Required
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('1h') && duration(self) <= duration('87600h')",
                message = "must be a duration from 1h to 87600h, such as 720h")
        String after,

        @JsonPropertyDescription("Where they are moved to.") @Required
        ObjectStore store) {}
