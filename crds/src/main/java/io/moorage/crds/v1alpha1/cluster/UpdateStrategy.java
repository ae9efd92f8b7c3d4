package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** How changes reach the storage nodes. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record UpdateStrategy(
        @JsonPropertyDescription(
                "RollingUpdate: one node after the other, leaders moved away first, the next only when every group on the last one has caught up. OnDelete: a node changes when its pod is deleted by hand.")
        @Default("RollingUpdate")
        UpdateType type,

        @JsonPropertyDescription(
                "A node that has not caught up this long after its restart stops the update; the condition Progressing says why. The update goes on by itself when the node has recovered.")
        @Default("15m")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION + " && duration(self) >= duration('1m') && duration(self) <= duration('24h')",
                message = "must be a duration from 1m to 24h, such as 15m")
        String nodeTimeout) {
    public UpdateStrategy {
        type = type == null ? UpdateType.ROLLING_UPDATE : type;
        nodeTimeout = nodeTimeout == null ? "15m" : nodeTimeout;
    }
}
