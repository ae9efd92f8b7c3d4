package io.moorage.it.nemesis.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether a lock was held by one at a time, and what it guarded was written by its holders in turn. */
public final class LockJudge {
    /**
     * A guarded write that was acknowledged.
     *
     * @param count what was written: one more than the writer had read
     * @param version of the write
     */
    public record Fenced(long token, long count, long version) {}

    /** Somebody was certain to hold it, from and until, by System.nanoTime(). */
    public record Held(int client, long token, long fromNanos, long untilNanos) {}

    private LockJudge() {}

    public static List<Anomaly> judge(String workload, List<Fenced> writes, List<Held> held) {
        List<Anomaly> anomalies = new ArrayList<>();
        Map<Long, Fenced> byCount = new HashMap<>();
        Fenced before = null;
        for (Fenced write : writes.stream()
                .sorted(Comparator.comparingLong(Fenced::version))
                .toList()) {
            if (before != null && write.token() < before.token()) {
                anomalies.add(new Anomaly(workload, "an older token wrote after a newer one", before + "\n" + write));
            }
            Fenced same = byCount.put(write.count(), write);
            if (same != null || before != null && write.count() <= before.count()) {
                anomalies.add(new Anomaly(workload, "a count was lost", before + "\n" + write));
            }
            before = write;
        }
        List<Held> byTime =
                held.stream().sorted(Comparator.comparingLong(Held::fromNanos)).toList();
        for (int i = 1; i < byTime.size(); i++) {
            if (byTime.get(i).fromNanos() < byTime.get(i - 1).untilNanos()) {
                anomalies.add(new Anomaly(workload, "two held it at once", byTime.get(i - 1) + "\n" + byTime.get(i)));
            }
        }
        return anomalies;
    }
}
