package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.moorage.client.CallOptions;
import io.moorage.client.VolumeStore;
import io.moorage.client.kv.Kv;
import io.moorage.it.nemesis.Crew;
import io.moorage.it.nemesis.check.Anomaly;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong on purpose is found by the workload that is there for it; and nothing is found where nothing is wrong. */
class DeliberateBugsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long ENOUGH = 150;

    @TempDir
    static Path directory;

    private static InProcessCluster cluster;
    private static int volumes;

    /** Makes a workload. */
    private interface Maker {
        Workload make(Target target) throws IOException;
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = new InProcessCluster(directory, 1, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** A new volume, with this wrong about it. */
    private static Target target(BuggyKv.Bug keys, BuggyStore.Bug files) {
        VolumeStore store = cluster.volume("bugs-" + volumes++);
        Kv kv = cluster.client().kv(store.volume());
        return new Target(
                List.of(BuggyKv.of(kv, keys)),
                List.of(BuggyStore.of(store, files)),
                command -> cluster.client()
                        .submit(
                                store.volume().group(),
                                command.setVolumeId(store.volume().id()).build(),
                                CallOptions.DEFAULT));
    }

    private static void finds(Workload workload, String what) throws Exception {
        Crew crew = new Crew(List.of(workload), 1);
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> workload.check(0, List.of()).stream()
                            .map(Anomaly::what)
                            .anyMatch(found -> found.contains(what)));
        } finally {
            crew.stop();
        }
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() throws Exception {
        Target target = target(BuggyKv.Bug.NONE, BuggyStore.Bug.NONE);
        List<Maker> makers = List.of(
                RegisterWorkload::new,
                t -> new FileWorkload(t, 100_000),
                ListWorkload::new,
                SetWorkload::new,
                BankWorkload::new,
                RenameWorkload::new,
                WatchWorkload::new,
                LockWorkload::new);
        List<Workload> workloads = new ArrayList<>();
        for (Maker maker : makers) {
            workloads.add(maker.make(target));
        }
        Crew crew = new Crew(workloads, 1);
        await().atMost(PATIENCE)
                .until(() -> workloads.stream()
                        .allMatch(workload -> workload.counts().answered() > ENOUGH / workload.clients()));
        assertThat(crew.stop()).isEmpty();
        for (Workload workload : workloads) {
            workload.finish();
            assertThat(workload.check(0, List.of())).as(workload.name()).isEmpty();
        }
    }

    @Test
    void staleReadIsFound() throws Exception {
        finds(new RegisterWorkload(target(BuggyKv.Bug.STALE_READ, BuggyStore.Bug.NONE)), "not linearizable");
    }

    @Test
    void lostPutIsFoundByReaders() throws Exception {
        finds(new RegisterWorkload(target(BuggyKv.Bug.LOST_ACKNOWLEDGEMENT, BuggyStore.Bug.NONE)), "not linearizable");
    }

    @Test
    void staleListingIsFound() throws Exception {
        finds(new SetWorkload(target(BuggyKv.Bug.STALE_READ, BuggyStore.Bug.NONE)), "lost");
    }

    @Test
    void transactionInTwoStepsIsFound() throws Exception {
        finds(new BankWorkload(target(BuggyKv.Bug.TWO_STEPS, BuggyStore.Bug.NONE)), "found");
    }

    @Test
    void changeThatIsNotToldIsFound() throws Exception {
        finds(new WatchWorkload(target(BuggyKv.Bug.UNTOLD_CHANGE, BuggyStore.Bug.NONE)), "in between is missing");
    }

    @Test
    void lockThatTwoHaveIsFound() throws Exception {
        finds(new LockWorkload(target(BuggyKv.Bug.OPEN_LOCK, BuggyStore.Bug.NONE)), "two held it at once");
    }

    @Test
    void fenceThatHoldsNobodyOffIsFound() throws Exception {
        finds(new LockWorkload(target(BuggyKv.Bug.OPEN_LOCK, BuggyStore.Bug.NONE)), "a count was lost");
    }

    @Test
    void lostFileIsFound() throws Exception {
        finds(
                new FileWorkload(target(BuggyKv.Bug.NONE, BuggyStore.Bug.LOST_ACKNOWLEDGEMENT), 100_000),
                "not linearizable");
    }

    @Test
    void halfAFileIsFound() throws Exception {
        finds(new FileWorkload(target(BuggyKv.Bug.NONE, BuggyStore.Bug.TORN_PUT), 100_000), "is not what was stored");
    }

    @Test
    void lostAppendIsFound() throws Exception {
        finds(
                new ListWorkload(target(BuggyKv.Bug.NONE, BuggyStore.Bug.LOST_ACKNOWLEDGEMENT)),
                "a later read does not see it");
    }

    @Test
    void appendThatIsDoneTwiceIsFound() throws Exception {
        finds(new ListWorkload(target(BuggyKv.Bug.NONE, BuggyStore.Bug.TWICE)), "is in it twice");
    }

    @Test
    void renameInTwoStepsIsFound() throws Exception {
        finds(new RenameWorkload(target(BuggyKv.Bug.NONE, BuggyStore.Bug.TWO_STEPS)), "was found as");
    }

    @Test
    void errorThatDeniesAnEffectItHadIsFound() throws Exception {
        finds(new RegisterWorkload(target(BuggyKv.Bug.DENIED_EFFECT, BuggyStore.Bug.NONE)), "not linearizable");
    }
}
