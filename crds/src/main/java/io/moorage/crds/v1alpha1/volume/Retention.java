package io.moorage.crds.v1alpha1.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/** Which scheduled snapshots are kept. A snapshot is kept when any of these wants it. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value =
                "(has(self.last) && self.last > 0) || (has(self.hourly) && self.hourly > 0) || (has(self.daily) && self.daily > 0) || (has(self.weekly) && self.weekly > 0) || (has(self.monthly) && self.monthly > 0) || (has(self.yearly) && self.yearly > 0)",
        message =
                "would keep no snapshot at all: set at least one of last, hourly, daily, weekly, monthly, yearly above 0")
public record Retention(
        @JsonPropertyDescription("The newest ones.") @Min(0) @Max(1000)
        Integer last,

        @JsonPropertyDescription("The newest one of each of so many hours.") @Min(0) @Max(1000)
        Integer hourly,

        @JsonPropertyDescription("The newest one of each of so many days.") @Min(0) @Max(1000)
        Integer daily,

        @JsonPropertyDescription("The newest one of each of so many weeks.") @Min(0) @Max(520)
        Integer weekly,

        @JsonPropertyDescription("The newest one of each of so many months.") @Min(0) @Max(240)
        Integer monthly,

        @JsonPropertyDescription("The newest one of each of so many years.") @Min(0) @Max(100)
        Integer yearly) {}
