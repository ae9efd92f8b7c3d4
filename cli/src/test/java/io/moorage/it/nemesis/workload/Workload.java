package io.moorage.it.nemesis.workload;

import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;

/** What some clients do, again and again, and what they must never see. Thread-safe. */
public interface Workload {
    String name();

    /** How many do it at once. */
    int clients();

    /**
     * One operation, or a few that belong together, within some seconds. What the cluster refuses is part of the history.
     *
     * @param client 0 to {@link #clients()} - 1; each has one thread
     */
    void step(int client, SplittableRandom random) throws IOException;

    /** The last reads, when nothing is broken any more. */
    default void finish() throws IOException {}

    /** What must not be. @param faults what was done meanwhile, for the evidence */
    List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults);

    Counts counts();
}
