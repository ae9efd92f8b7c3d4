package io.moorage.it.nemesis.workload;

import com.google.protobuf.ByteString;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.ChangeQuery;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Position;
import io.moorage.client.kv.Watch;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.WatchJudge;
import io.moorage.it.nemesis.check.WatchJudge.Put;
import io.moorage.it.nemesis.check.WatchJudge.Seen;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.Change;
import io.moorage.protocol.v1.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Some write keys, and one follows the changes, from another watch every now and then. */
public final class WatchWorkload implements Workload {
    private static final String PREFIX = "watched/";
    private static final int WATCHER = 0;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Target target;
    private final AtomicLong values = new AtomicLong();
    private final History<Put, Long> history = new History<>();
    private final List<Seen> seen = new ArrayList<>();
    private Watch watch;

    public WatchWorkload(Target target) {
        this.target = target;
        this.watch = target.kv(WATCHER).watch(ChangeQuery.after(Position.START).withPrefix(PREFIX));
    }

    @Override
    public String name() {
        return "watch";
    }

    @Override
    public int clients() {
        return 3;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        if (client == WATCHER) {
            if (random.nextInt(10) == 0) {
                // Another process goes on where this one was.
                watch = target.kv(random.nextInt(8))
                        .watch(ChangeQuery.after(watch.position().orElseThrow()).withPrefix(PREFIX));
            }
            follow(Duration.ofMillis(500));
            return;
        }
        Put put = new Put(PREFIX + random.nextInt(5), client + "-" + values.incrementAndGet());
        Attempts.run(
                history,
                PREFIX,
                client,
                put,
                () -> target.kv(client)
                        .put(put.key(), ByteString.copyFromUtf8(put.value()), KvPutOptions.DEFAULT, Target.WRITE)
                        .getEntry()
                        .getEntry()
                        .getVersion());
    }

    private synchronized void follow(Duration wait) {
        try {
            for (Change change : watch.next(wait)) {
                seen.add(new Seen(
                        change.getVersion(),
                        change.getOrdinal(),
                        change.getKey(),
                        change.getHasValue() ? change.getValue().toStringUtf8() : null,
                        change.getPreviousVersion()));
            }
        } catch (MoorageException e) {
            if (e.code() != ErrorCode.ERROR_CODE_UNAVAILABLE && e.code() != ErrorCode.ERROR_CODE_SLOW_DOWN) {
                throw e;
            }
        }
    }

    @Override
    public void finish() {
        Put put = new Put(PREFIX + "last", "last");
        long call = System.nanoTime();
        long version = target.kv(0)
                .put(
                        put.key(),
                        ByteString.copyFromUtf8(put.value()),
                        KvPutOptions.DEFAULT,
                        Target.PATIENT.withConsistency(Target.WRITE.consistency()))
                .getEntry()
                .getEntry()
                .getVersion();
        history.answered(PREFIX, WATCHER, put, version, call);
        long until = System.nanoTime() + LIMIT.toNanos();
        while (watch.position().orElseThrow().version() < version && System.nanoTime() < until) {
            follow(Duration.ofSeconds(1));
        }
    }

    @Override
    public synchronized List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return WatchJudge.judge(name(), history.of(PREFIX), seen);
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
