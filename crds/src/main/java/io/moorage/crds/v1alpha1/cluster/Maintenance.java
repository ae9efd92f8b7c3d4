package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.moorage.crds.v1alpha1.Patterns;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What is asked of one storage node. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Maintenance(
        @JsonPropertyDescription("Name of the storage node, which is the name of its pod.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Patterns.DNS_LABEL)
        String node,

        @JsonPropertyDescription(
                "Cordon: no new replicas, and no leaderships. Drain: its replicas are moved away as well.")
        @Required
        MaintenanceMode mode) {}
