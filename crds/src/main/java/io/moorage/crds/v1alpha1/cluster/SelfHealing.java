package io.moorage.crds.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** What the operator does by itself about nodes and disks that fail. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SelfHealing(
        @JsonPropertyDescription(
                "A storage node that is silent for longer than this has its replicas rebuilt on other nodes, one at a time in each group. Short enough to be safe again soon, long enough for a machine to restart.")
        @Default("10m")
        @Size(max = 32)
        @ValidationRule(
                value = Rules.IS_DURATION
                        + " && duration(self) >= duration('30s') && duration(self) <= duration('168h')",
                message = "must be a duration from 30s to 168h, such as 10m")
        String replaceAfter,

        @JsonPropertyDescription(
                "When all bytes on disk are read and compared with their checksums, as a cron schedule in UTC. Damaged copies are mended from good ones. It reads at a bounded rate (scrub.bytes-per-second in spec.config, 32MiB if left out). A time that was missed by more than six hours is left to the next one. Left out: never; what is read by users is verified anyway.")
        @Size(min = 1, max = 128)
        @ValidationRule(value = Rules.IS_CRON, message = Rules.CRON_MESSAGE)
        String scrubSchedule) {
    public SelfHealing {
        replaceAfter = replaceAfter == null ? "10m" : replaceAfter;
    }
}
