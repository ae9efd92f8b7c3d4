package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.volume.Retention;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Which of some snapshots are kept: the newest of each of so many hours, days, weeks... that have any. Pure. */
final class RetentionRule {
    private RetentionRule() {}

    static Set<Instant> kept(Collection<Instant> snapshots, Retention keep, ZoneId zone) {
        List<Instant> newestFirst =
                snapshots.stream().sorted(Comparator.reverseOrder()).toList();
        Set<Instant> kept = new HashSet<>();
        keep(newestFirst, keep.last(), kept, zone, time -> time.toInstant());
        keep(newestFirst, keep.hourly(), kept, zone, time -> time.toInstant().getEpochSecond() / 3600);
        keep(newestFirst, keep.daily(), kept, zone, ZonedDateTime::toLocalDate);
        keep(
                newestFirst,
                keep.weekly(),
                kept,
                zone,
                time -> time.get(IsoFields.WEEK_BASED_YEAR) * 100 + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        keep(newestFirst, keep.monthly(), kept, zone, time -> time.getYear() * 100 + time.getMonthValue());
        keep(newestFirst, keep.yearly(), kept, zone, ZonedDateTime::getYear);
        return kept;
    }

    private static void keep(
            List<Instant> newestFirst,
            Integer periods,
            Set<Instant> kept,
            ZoneId zone,
            Function<ZonedDateTime, Object> periodOf) {
        if (periods == null) {
            return;
        }
        Set<Object> seen = new HashSet<>();
        for (Instant snapshot : newestFirst) {
            Object period = periodOf.apply(snapshot.atZone(zone));
            if (!seen.contains(period)) {
                if (seen.size() == periods) {
                    return;
                }
                seen.add(period);
                kept.add(snapshot);
            }
        }
    }
}
