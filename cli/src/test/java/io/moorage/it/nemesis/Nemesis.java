package io.moorage.it.nemesis;

import static org.awaitility.Awaitility.await;

import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeRef;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.fault.Fault;
import io.moorage.it.nemesis.fault.NodeCluster;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.workload.BankWorkload;
import io.moorage.it.nemesis.workload.FileWorkload;
import io.moorage.it.nemesis.workload.ListWorkload;
import io.moorage.it.nemesis.workload.LockWorkload;
import io.moorage.it.nemesis.workload.RegisterWorkload;
import io.moorage.it.nemesis.workload.RenameWorkload;
import io.moorage.it.nemesis.workload.SetWorkload;
import io.moorage.it.nemesis.workload.Target;
import io.moorage.it.nemesis.workload.WatchWorkload;
import io.moorage.it.nemesis.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;

/** One run: workloads against a cluster that is broken and mended by a seed, and then the judgement. */
final class Nemesis {
    private static final int CLIENTS = 3;
    private static final long ENOUGH = 10;
    private static final Duration WORK = Duration.ofMinutes(3);
    private static final int LARGEST_FILE = 3 << 20;
    /** Little log is kept, so that whoever was away for some seconds needs the state itself. */
    private static final Map<String, String> SETTINGS = Map.of(
            "MOORAGE_RAFT_SNAPSHOT_LOG_ENTRIES", "300",
            "MOORAGE_RAFT_PRESERVE_LOG_ENTRIES", "0",
            "MOORAGE_EXTENTS_READER_GRACE", "10s",
            "MOORAGE_EXTENTS_AUDIT_INTERVAL", "5s");

    private final Path directory;
    private final long seed;
    private final Duration length;
    private final int nodes;
    private final List<Fault> faults;
    private final FaultLog log = new FaultLog();
    private final Map<String, Integer> injected = new TreeMap<>();

    Nemesis(Path directory, long seed, Duration length, int nodes, List<Fault> faults) {
        this.directory = directory;
        this.seed = seed;
        this.length = length;
        this.nodes = nodes;
        this.faults = faults;
    }

    Report run() throws Exception {
        long start = System.nanoTime();
        List<Anomaly> anomalies = new ArrayList<>();
        Map<String, Counts> operations = new TreeMap<>();
        try (NodeCluster cluster = new NodeCluster(directory, nodes, CLIENTS, node -> SETTINGS, log)) {
            List<Workload> workloads = workloads(target(cluster));
            Crew crew = new Crew(workloads, seed);
            try {
                awaitWork(workloads);
                disturb(cluster);
                cluster.awaitWhole();
                awaitWork(workloads);
            } catch (ConditionTimeoutException e) {
                anomalies.add(notWhole(start, e));
            } finally {
                anomalies.addAll(crew.stop());
            }
            if (anomalies.isEmpty()) {
                awaitLevel(cluster, start, anomalies);
            }
            for (Workload workload : workloads) {
                finish(workload, anomalies);
                anomalies.addAll(workload.check(start, log.entries()));
                operations.put(workload.name(), workload.counts());
            }
        }
        return new Report(seed, length.toSeconds(), again(), injected, operations, anomalies);
    }

    /** Each gets something done, before and after, however slow the machine. */
    private static void awaitWork(List<Workload> workloads) {
        Map<String, Long> before = new TreeMap<>();
        workloads.forEach(
                workload -> before.put(workload.name(), workload.counts().answered()));
        await().atMost(WORK)
                .until(() -> workloads.stream()
                        .allMatch(workload -> workload.counts().answered() >= before.get(workload.name()) + ENOUGH));
    }

    private void awaitLevel(NodeCluster cluster, long start, List<Anomaly> anomalies) {
        try {
            cluster.awaitLevel();
        } catch (ConditionTimeoutException e) {
            anomalies.add(notWhole(start, e));
        }
    }

    private Anomaly notWhole(long start, ConditionTimeoutException e) {
        return new Anomaly("cluster", "it does not become whole again", e.getMessage() + events(start));
    }

    private static Target target(NodeCluster cluster) {
        VolumeRef volume = cluster.volume();
        List<MoorageClient> clients = cluster.clients();
        return new Target(
                clients.stream().map(client -> client.kv(volume)).toList(),
                clients.stream().map(client -> client.store(volume)).toList(),
                command -> clients.get(0)
                        .submit(volume.group(), command.setVolumeId(volume.id()).build(), Target.WRITE));
    }

    private static List<Workload> workloads(Target target) throws IOException {
        return List.of(
                new RegisterWorkload(target),
                new FileWorkload(target, LARGEST_FILE),
                new ListWorkload(target),
                new SetWorkload(target),
                new BankWorkload(target),
                new RenameWorkload(target),
                new WatchWorkload(target),
                new LockWorkload(target));
    }

    private void disturb(NodeCluster cluster) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        long until = System.nanoTime() + length.toNanos();
        while (System.nanoTime() < until) {
            Plan plan = Plan.next(random, faults);
            if (plan.isAlone()) {
                cluster.awaitWhole();
            }
            inject(cluster, plan);
            if (plan.isAlone()) {
                cluster.awaitWhole();
            }
            Thread.sleep(plan.pauseMillis());
        }
        log.add("no more faults");
    }

    private void inject(NodeCluster cluster, Plan plan) throws Exception {
        SplittableRandom choices = new SplittableRandom(plan.seed());
        List<Fault.Repair> repairs = new ArrayList<>();
        try {
            for (Fault fault : plan.faults()) {
                SplittableRandom own = choices.split();
                repairs.add(fault.action().inject(cluster, own));
                injected.merge(fault.name(), 1, Integer::sum);
            }
            Thread.sleep(plan.millis());
        } finally {
            for (Fault.Repair repair : repairs) {
                repair.run();
            }
            log.add("mended: " + plan.faults());
        }
    }

    private static void finish(Workload workload, List<Anomaly> anomalies) {
        try {
            workload.finish();
        } catch (IOException | RuntimeException e) {
            anomalies.add(new Anomaly(workload.name(), "the last reads failed, with nothing broken: " + e, ""));
        }
    }

    private String again() {
        String names = faults.stream().map(Fault::name).collect(Collectors.joining(","));
        return "SEED=" + seed + " ROUNDS=1 SECONDS_EACH=" + length.toSeconds() + " NODES=" + nodes + " FAULTS=" + names
                + " bench/nemesis.sh";
    }

    /** What was done to the cluster, by milliseconds since the start. */
    String events(long start) {
        StringBuilder text = new StringBuilder();
        for (FaultLog.Entry entry : log.entries()) {
            text.append(String.format("%n%10.1f  %s", (entry.nanos() - start) / 1e6, entry.text()));
        }
        return text.toString();
    }
}
