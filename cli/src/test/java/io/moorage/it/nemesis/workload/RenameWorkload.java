package io.moorage.it.nemesis.workload;

import io.moorage.client.CallOptions;
import io.moorage.client.PutOptions;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;

/** One file is renamed again and again: whoever lists the directory finds it once, under one name. */
public final class RenameWorkload implements Workload {
    private static final String PREFIX = "moving/";
    private static final int NAMES = 5;
    private static final int SIZE = 100_000;

    private final Target target;
    private final String[] lastSeen = new String[clients()];
    private final History<String, String> history = new History<>();
    private final List<Anomaly> anomalies = new CopyOnWriteArrayList<>();

    /** Stores the file. */
    public RenameWorkload(Target target) throws IOException {
        this.target = target;
        target.files(0)
                .put(
                        PutOptions.of(PREFIX + "0"),
                        new ByteArrayInputStream(new NamedContent(0, SIZE).bytes()),
                        SIZE,
                        Target.PATIENT.withConsistency(Target.WRITE.consistency()));
    }

    @Override
    public String name() {
        return "rename";
    }

    @Override
    public int clients() {
        return 2;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        Attempts.run(history, PREFIX, client, "list", () -> lastSeen[client] = look(client, Target.READ));
        String from = lastSeen[client];
        String to = PREFIX + random.nextInt(NAMES);
        if (from != null && !from.equals(to)) {
            Attempts.run(history, PREFIX, client, from + " to " + to, "not found", () -> {
                target.files(client)
                        .rename(
                                from,
                                to,
                                Precondition.getDefaultInstance(),
                                Precondition.newBuilder().setMustNotExist(true).build(),
                                Target.WRITE);
                return "done";
            });
        }
    }

    private String look(int client, CallOptions call) {
        List<String> names = target.kv(client).range(PREFIX, "", 1000, true, call).entries().stream()
                .map(entry ->
                        entry.getEntry().getKey() + " of " + entry.getEntry().getSize())
                .toList();
        if (names.size() != 1 || !names.get(0).endsWith(" of " + SIZE)) {
            anomalies.add(new Anomaly(name(), "the one file that is renamed was found as " + names, ""));
            return null;
        }
        return names.get(0).substring(0, names.get(0).indexOf(' '));
    }

    @Override
    public void finish() {
        look(0, Target.PATIENT);
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return List.copyOf(anomalies);
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
