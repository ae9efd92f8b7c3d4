package io.moorage.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatusBuilder;
import io.moorage.crds.v1alpha1.volume.Retention;
import io.moorage.crds.v1alpha1.volume.RetentionBuilder;
import io.moorage.crds.v1alpha1.volume.SnapshotSchedule;
import io.moorage.crds.v1alpha1.volume.SnapshotScheduleBuilder;
import io.moorage.operator.text.Cron;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final Instant NOON = Instant.parse("2026-03-04T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 3 * * *    | Etc/UTC       | 2026-03-05T03:00:00Z",
                "0 3 * * *    | Europe/Berlin | 2026-03-05T02:00:00Z",
                "*/15 * * * * | Etc/UTC       | 2026-03-04T12:15:00Z",
                "@hourly      | Etc/UTC       | 2026-03-04T13:00:00Z",
                "@Weekly      | Etc/UTC       | 2026-03-08T00:00:00Z",
                "0 0 * * 7    | Etc/UTC       | 2026-03-08T00:00:00Z",
                "0 0 * * sun  | Etc/UTC       | 2026-03-08T00:00:00Z",
                "0 0 1 jul *  | Etc/UTC       | 2026-07-01T00:00:00Z",
                "0 0 13 * 5   | Etc/UTC       | 2026-03-06T00:00:00Z",
            })
    void nextTime(String schedule, String zone, String expected) {
        assertThat(Cron.parse(schedule, zone).after(NOON)).contains(Instant.parse(expected));
    }

    @Test
    void lastTimeIncludesThisMoment() {
        Cron hourly = Cron.parse("0 * * * *", "Etc/UTC");
        assertThat(hourly.atOrBefore(NOON)).contains(NOON);
        assertThat(hourly.atOrBefore(NOON.plusMillis(1))).contains(NOON);
        assertThat(hourly.atOrBefore(NOON.minusMillis(1))).contains(NOON.minus(Duration.ofHours(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30-10 * * * *", "61 * * * *", "* * *"})
    void senselessScheduleIsRefused(String schedule) {
        assertThatThrownBy(() -> Cron.parse(schedule, "Etc/UTC")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void scheduleThatIsOfNoUseIsFound() {
        assertThat(Cron.flaw("0 3 * * sun", "Europe/Berlin", NOON)).isEmpty();
        assertThat(Cron.flaw("0 0 29 2 *", "UTC", NOON)).as("leap years come").isEmpty();
        assertThat(Cron.flaw("0 0 31 2 *", "UTC", NOON))
                .hasValueSatisfying(why -> assertThat(why).contains("31 2", "never"));
        assertThat(Cron.flaw("30-10 * * * *", "UTC", NOON)).isPresent();
        assertThat(Cron.flaw("@daily", "Mars/Olympus", NOON))
                .hasValueSatisfying(why -> assertThat(why).contains("Mars/Olympus"));
    }

    @Test
    void unknownTimeZoneIsRefused() {
        assertThatThrownBy(() -> Cron.parse("@daily", "Mars/Olympus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Mars/Olympus");
    }

    @Test
    void retentionKeepsTheNewestOfEachPeriod() {
        List<Instant> hours = new ArrayList<>();
        for (int hour = 0; hour < 24 * 60; hour++) {
            hours.add(NOON.minus(Duration.ofHours(hour)));
        }
        Retention keep = RetentionBuilder.builder().last(2).daily(3).monthly(2).build();
        assertThat(RetentionRule.kept(hours, keep, ZoneOffset.UTC))
                .containsExactlyInAnyOrder(
                        NOON,
                        NOON.minus(Duration.ofHours(1)),
                        Instant.parse("2026-03-03T23:00:00Z"),
                        Instant.parse("2026-03-02T23:00:00Z"),
                        Instant.parse("2026-02-28T23:00:00Z"));
        assertThat(RetentionRule.kept(hours, RetentionBuilder.builder().last(0).build(), ZoneOffset.UTC))
                .isEmpty();
    }

    @Test
    void ofSeveralThatWereMissedTheLatestIsMade() {
        SnapshotPlan plan = SnapshotPlan.of(hourly(), NOON.minus(Duration.ofHours(5)), List.of(), NOON.plusSeconds(60));
        assertThat(plan.due()).contains(NOON);
        assertThat(plan.next()).contains(NOON.plus(Duration.ofHours(1)));
        assertThat(SnapshotPlan.of(hourly(), NOON, List.of(), NOON.plusSeconds(60))
                        .due())
                .isEmpty();
    }

    @Test
    void snapshotsThatAreNotReadyNeitherCountNorGo() {
        Snapshot oldest = snapshot(NOON.minus(Duration.ofHours(3)), true);
        Snapshot good = snapshot(NOON.minus(Duration.ofHours(2)), true);
        Snapshot failing = snapshot(NOON.minus(Duration.ofHours(1)), false);
        SnapshotPlan plan =
                SnapshotPlan.of(hourly(), NOON.minus(Duration.ofHours(1)), List.of(oldest, good, failing), NOON);
        assertThat(plan.expired()).containsExactly(oldest);
        assertThat(plan.due()).isEmpty();
        assertThat(plan.skipped()).contains("not ready");
    }

    @Test
    void snapshotThatWasMadeButNotWrittenDownIsStillDue() {
        Snapshot made = snapshot(NOON, false);
        SnapshotPlan plan = SnapshotPlan.of(hourly(), NOON.minusSeconds(1), List.of(made), NOON.plusSeconds(1));
        assertThat(plan.due()).contains(NOON);
        assertThat(plan.skipped()).isEmpty();
    }

    @Test
    void suspendedScheduleMakesNone() {
        SnapshotSchedule suspended =
                SnapshotScheduleBuilder.builder(hourly()).suspend(true).build();
        SnapshotPlan plan = SnapshotPlan.of(suspended, NOON.minus(Duration.ofHours(5)), List.of(), NOON);
        assertThat(plan.due()).isEmpty();
        assertThat(plan.next()).isEmpty();
    }

    private static SnapshotSchedule hourly() {
        return SnapshotScheduleBuilder.builder()
                .schedule("0 * * * *")
                .keep(RetentionBuilder.builder().last(1).build())
                .build();
    }

    private static Snapshot snapshot(Instant due, boolean ready) {
        Snapshot snapshot = new Snapshot();
        snapshot.setMetadata(new ObjectMetaBuilder()
                .withName("s-" + due)
                .withAnnotations(Map.of(SnapshotPlan.DUE_ANNOTATION, due.toString()))
                .build());
        snapshot.setStatus(SnapshotStatusBuilder.builder()
                .readyToUse(ready)
                .version(ready ? 1L : null)
                .build());
        return snapshot;
    }
}
