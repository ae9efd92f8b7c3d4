package io.moorage.crds.v1alpha1.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** A volume's state to keep. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SnapshotSpec(
        @JsonPropertyDescription(
                "The Volume whose state is kept, as it is when the snapshot is made. Cannot be changed.")
        @Required
        @ValidationRule(value = Rules.IMMUTABLE, message = "cannot be changed: make a new Snapshot")
        Reference volumeRef,

        @JsonPropertyDescription(
                "The snapshot is removed this long after it was made. Left out: kept until this resource is deleted.")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('1m') && duration(self) <= duration('87600h')",
                message = "must be a duration from 1m to 87600h, such as 720h")
        String expireAfter) {}
