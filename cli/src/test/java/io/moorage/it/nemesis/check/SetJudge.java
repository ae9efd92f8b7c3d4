package io.moorage.it.nemesis.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether a history of a set that unique elements are added to, and that is read as a whole, agrees with the clock. */
public final class SetJudge {
    /** What is asked. */
    public sealed interface Input {}

    /** Answered with nothing, or with why it was refused, which a unique element never is. */
    public record Add(String element) implements Input {}

    public record ReadAll() implements Input {}

    private SetJudge() {}

    /** @param history of one set, by when operations were called */
    public static List<Anomaly> judge(String workload, String key, List<Operation<Input, Set<String>>> history) {
        List<Anomaly> anomalies = new ArrayList<>();
        List<Operation<Input, Set<String>>> reads = history.stream()
                .filter(o -> o.input() instanceof ReadAll && !o.isOpen())
                .toList();
        Set<String> attempted = new HashSet<>();
        for (Operation<Input, Set<String>> operation : history) {
            if (!(operation.input() instanceof Add add)) {
                continue;
            }
            attempted.add(add.element());
            if (operation.output() != null && !operation.output().isEmpty()) {
                anomalies.add(new Anomaly(workload, key + " refused a new element", operation.toString()));
            }
            long seen = Long.MAX_VALUE;
            for (Operation<Input, Set<String>> read : reads) {
                boolean has = read.output().contains(add.element());
                if (has && operation.callNanos() > read.returnNanos()) {
                    anomalies.add(new Anomaly(workload, key + " has what was added later", operation + "\n" + read));
                }
                boolean must = operation.returnNanos() < read.callNanos() || seen < read.callNanos();
                if (!has && must) {
                    anomalies.add(new Anomaly(
                            workload,
                            key + " lost '" + add.element() + "', which was acknowledged or seen before",
                            operation + "\n" + read));
                }
                if (has) {
                    seen = Math.min(seen, read.returnNanos());
                }
            }
        }
        for (Operation<Input, Set<String>> read : reads) {
            read.output().stream()
                    .filter(element -> !attempted.contains(element))
                    .forEach(element -> anomalies.add(new Anomaly(
                            workload, key + " has '" + element + "', which was never added, or refused", "")));
        }
        return anomalies;
    }
}
