package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.moorage.crds.v1alpha1.Rules;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Snapshots that are made by themselves. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SnapshotSchedule(
        @JsonPropertyDescription("When a snapshot is made, as a cron schedule.")
        @Required
        @Size(min = 1, max = 128)
        @ValidationRule(value = Rules.IS_CRON, message = Rules.CRON_MESSAGE)
        String schedule,

        @JsonPropertyDescription("Time zone of the schedule, as in the IANA database.")
        @Default("Etc/UTC")
        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z0-9_+/-]+$")
        String timeZone,

        @JsonPropertyDescription("No snapshots are made while this is true; those that exist stay.") @Default("false")
        Boolean suspend,

        @JsonPropertyDescription(
                "Which of them are kept. Only snapshots that this schedule made are ever removed by it.")
        @Required
        Retention keep) {
    public SnapshotSchedule {
        timeZone = timeZone == null ? "Etc/UTC" : timeZone;
        suspend = suspend == null ? false : suspend;
    }
}
