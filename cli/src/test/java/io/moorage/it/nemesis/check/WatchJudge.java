package io.moorage.it.nemesis.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whether who followed the changes was told every write once, in order, and nothing else. */
public final class WatchJudge {
    /** Answered with its version. Values are unique. */
    public record Put(String key, String value) {}

    /**
     * What the watch told.
     *
     * @param value null: it is not kept any more
     * @param previousVersion of the key; 0 = there was nothing
     */
    public record Seen(long version, int ordinal, String key, String value, long previousVersion) {}

    private WatchJudge() {}

    /** @param seen in the order in which it was told, to the last write */
    public static List<Anomaly> judge(String workload, List<Operation<Put, Long>> puts, List<Seen> seen) {
        List<Anomaly> anomalies = new ArrayList<>();
        Map<String, Operation<Put, Long>> byValue = new HashMap<>();
        puts.forEach(put -> byValue.put(put.input().value(), put));
        Map<String, Seen> lastOfKey = new HashMap<>();
        Map<Long, Seen> byVersion = new HashMap<>();
        Seen before = null;
        for (Seen change : seen) {
            if (before != null
                    && (change.version() < before.version()
                            || change.version() == before.version() && change.ordinal() <= before.ordinal())) {
                anomalies.add(
                        new Anomaly(workload, "a change was told twice, or out of order", before + "\n" + change));
            }
            Seen previous = lastOfKey.put(change.key(), change);
            if (change.previousVersion() != (previous == null ? 0 : previous.version())) {
                anomalies.add(new Anomaly(workload, "a change in between is missing", previous + "\n" + change));
            }
            byVersion.put(change.version(), change);
            if (change.value() != null && !byValue.containsKey(change.value())) {
                anomalies.add(new Anomaly(workload, "a change was told that nobody made, or was refused", "" + change));
            }
            before = change;
        }
        for (Operation<Put, Long> put : puts) {
            Seen change = put.isOpen() ? null : byVersion.get(put.output());
            boolean told = change != null
                    && change.key().equals(put.input().key())
                    && (change.value() == null
                            || Objects.equals(change.value(), put.input().value()));
            if (!put.isOpen() && !told) {
                anomalies.add(new Anomaly(
                        workload, "an acknowledged write was not told, or told wrongly", put + "\n" + change));
            }
        }
        return anomalies;
    }
}
