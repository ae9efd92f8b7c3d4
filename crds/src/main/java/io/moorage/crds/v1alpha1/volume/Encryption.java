package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.moorage.crds.v1alpha1.Reference;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Encryption at rest. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Encryption(
        @JsonPropertyDescription(
                "Secret whose key masterKey holds 32 bytes, which wrap the volume's own key. Losing it loses the data.")
        @Required
        Reference keySecretRef) {}
