package io.moorage.it.nemesis;

import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.history.Counts;
import java.util.List;
import java.util.Map;

/**
 * What a run did and found.
 *
 * @param again the command that runs it again
 * @param faults how often each was injected
 * @param operations by workload
 */
record Report(
        long seed,
        long seconds,
        String again,
        Map<String, Integer> faults,
        Map<String, Counts> operations,
        List<Anomaly> anomalies) {
    private static final int SHOWN = 5;

    long injected() {
        return faults.values().stream().mapToLong(Integer::longValue).sum();
    }

    Counts total() {
        return operations.values().stream().reduce(Counts.NONE, Counts::plus);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append("seed ").append(seed).append(", ").append(seconds).append(" s, ");
        text.append(injected()).append(" faults ").append(faults).append('\n');
        operations.forEach((name, counts) ->
                text.append("  ").append(name).append(": ").append(counts).append('\n'));
        text.append("  all: ").append(total()).append('\n');
        text.append("  anomalies: ").append(anomalies.size()).append('\n');
        anomalies.stream().limit(SHOWN).forEach(anomaly -> text.append(anomaly).append('\n'));
        if (!anomalies.isEmpty()) {
            text.append("again: ").append(again).append('\n');
        }
        return text.toString();
    }
}
