package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/** How many groups of one replication factor a cluster has. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record GroupPool(
        @JsonPropertyDescription(
                "On how many storage nodes each group of this pool has a replica. Odd, because an even number survives no more failures than one less.")
        @Required
        @Min(1)
        @Max(7)
        @ValidationRule(value = "self % 2 == 1", message = "must be odd: 1, 3, 5 or 7")
        Integer replicas,

        @JsonPropertyDescription(
                "How many groups of this kind there are. More groups spread volumes and leaders better; each costs every member threads, memory and heartbeats even when idle. Groups that hold volumes are not removed.")
        @Required
        @Min(1)
        @Max(64)
        Integer count) {}
