package io.moorage.it.nemesis.workload;

import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.Linearizability;
import io.moorage.it.nemesis.check.Linearizability.Outcome;
import io.moorage.it.nemesis.check.Linearizability.Verdict;
import io.moorage.it.nemesis.check.Operation;
import io.moorage.it.nemesis.check.RegisterModel;
import io.moorage.it.nemesis.check.RegisterModel.Input;
import io.moorage.it.nemesis.check.RegisterModel.Output;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.it.nemesis.history.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether every key of a history was a register. */
final class RegisterJudge {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private RegisterJudge() {}

    static List<Anomaly> judge(
            String workload, History<Input, Output> history, long startNanos, List<FaultLog.Entry> faults) {
        List<Anomaly> anomalies = new ArrayList<>();
        for (String key : history.keys()) {
            List<Operation<Input, Output>> operations = history.of(key);
            Verdict<Input, Output> verdict = Linearizability.check(new RegisterModel(), operations, LIMIT);
            if (verdict.outcome() != Outcome.LINEARIZABLE) {
                String what = verdict.outcome() == Outcome.VIOLATED
                        ? "the history of '" + key + "' is not linearizable"
                        : "whether the history of '" + key + "' is linearizable was not decided within " + LIMIT;
                anomalies.add(
                        new Anomaly(workload, what, Timeline.of(startNanos, operations, verdict.order(), faults)));
            }
        }
        return anomalies;
    }
}
