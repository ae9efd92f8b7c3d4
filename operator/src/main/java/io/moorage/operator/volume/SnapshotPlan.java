package io.moorage.operator.volume;

import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.volume.SnapshotSchedule;
import io.moorage.operator.naming.Resources;
import io.moorage.operator.text.Cron;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a schedule asks for at a moment. Pure.
 *
 * @param due the time of the snapshot to make now; of several that were missed, the latest
 * @param next when to look again; empty: never
 * @param expired scheduled snapshots that are not kept
 * @param skipped why the one that is due is not made, or ""
 */
record SnapshotPlan(Optional<Instant> due, Optional<Instant> next, List<Snapshot> expired, String skipped) {
    /** Label of a scheduled snapshot: name of the volume. */
    static final String SCHEDULE_LABEL = "moorage.io/schedule";
    /** Annotation of a scheduled snapshot: when it was due. */
    static final String DUE_ANNOTATION = "moorage.io/scheduled-at";

    static final SnapshotPlan NOTHING = new SnapshotPlan(Optional.empty(), Optional.empty(), List.of(), "");

    /**
     * @param since when the last one was due, or when the schedule began
     * @param scheduled snapshots that the schedule made
     * @throws IllegalArgumentException if the schedule makes no sense
     */
    static SnapshotPlan of(SnapshotSchedule schedule, Instant since, Collection<Snapshot> scheduled, Instant now) {
        Cron cron = Cron.parse(schedule.schedule(), schedule.timeZone());
        Optional<Instant> due = cron.atOrBefore(now).filter(time -> time.isAfter(since));
        Map<Instant, Snapshot> usable = new TreeMap<>();
        boolean pending = false;
        for (Snapshot snapshot : scheduled) {
            Optional<Instant> at = dueTime(snapshot);
            boolean ready = snapshot.getStatus() != null
                    && Boolean.TRUE.equals(snapshot.getStatus().readyToUse());
            if (at.isPresent() && ready && snapshot.getMetadata().getDeletionTimestamp() == null) {
                usable.put(at.get(), snapshot);
            }
            // The one that is due is there already when a round that made it could not write that down.
            pending |= !at.equals(due)
                    && (snapshot.getStatus() == null || snapshot.getStatus().version() == null);
        }
        // Those that are not ready to use neither count nor go: else failing ones would push out the last good ones.
        Set<Instant> kept = RetentionRule.kept(usable.keySet(), schedule.keep(), cron.zone());
        List<Snapshot> expired = new ArrayList<>();
        usable.forEach((at, snapshot) -> {
            if (!kept.contains(at)) {
                expired.add(snapshot);
            }
        });
        expired.sort(Comparator.comparing(snapshot -> snapshot.getMetadata().getName()));
        if (Boolean.TRUE.equals(schedule.suspend())) {
            return new SnapshotPlan(Optional.empty(), Optional.empty(), expired, "");
        }
        Optional<Instant> next = cron.after(now);
        if (due.isPresent() && pending) {
            return new SnapshotPlan(
                    Optional.empty(),
                    next,
                    expired,
                    "the snapshot that was due at " + due.get()
                            + " is not made, because the one before it is not ready yet");
        }
        return new SnapshotPlan(due, next, expired, "");
    }

    private static Optional<Instant> dueTime(Snapshot snapshot) {
        try {
            return Optional.ofNullable(Resources.annotations(snapshot).get(DUE_ANNOTATION))
                    .map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
