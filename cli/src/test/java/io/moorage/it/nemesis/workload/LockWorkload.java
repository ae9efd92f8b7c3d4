package io.moorage.it.nemesis.workload;

import com.google.protobuf.ByteString;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Lock;
import io.moorage.client.kv.Operations;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.LockJudge;
import io.moorage.it.nemesis.check.LockJudge.Fenced;
import io.moorage.it.nemesis.check.LockJudge.Held;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.Result;
import io.moorage.protocol.v1.Transact;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A counter under a lock: read, then written back with one more, by whoever has the lock and only while it has it. Nobody's count is
 * lost, tokens never go back, and no two are ever certain to hold it at the same time.
 */
public final class LockWorkload implements Workload {
    private static final String COUNTER = "locked-counter";
    private static final Duration TTL = Duration.ofSeconds(2);
    private static final Duration WAIT = Duration.ofSeconds(2);
    private static final int COUNTS_EACH = 5;

    private final Target target;
    private final History<String, String> history = new History<>();
    private final List<Fenced> writes = Collections.synchronizedList(new ArrayList<>());
    private final List<Held> held = Collections.synchronizedList(new ArrayList<>());

    public LockWorkload(Target target) {
        this.target = target;
    }

    @Override
    public String name() {
        return "lock";
    }

    @Override
    public int clients() {
        return 2;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        Optional<Lock.Held> taken;
        try {
            taken = target.kv(client).lock("lock", TTL).tryLock(WAIT);
        } catch (MoorageException e) {
            history.refused();
            return;
        }
        if (taken.isPresent()) {
            try (Lock.Held lock = taken.get()) {
                use(client, lock);
            }
        }
    }

    private void use(int client, Lock.Held lock) throws IOException {
        long from = System.nanoTime();
        long until = lock.isHeld() ? from : Long.MIN_VALUE;
        for (int i = 0; i < COUNTS_EACH; i++) {
            Attempts.run(history, COUNTER, client, "count with token " + lock.token(), () -> count(client, lock));
            // By then it was certainly held: what counts is the moment before asking.
            long now = System.nanoTime();
            until = lock.isHeld() ? now : until;
        }
        if (until > from) {
            held.add(new Held(client, lock.token(), from, until));
        }
    }

    private String count(int client, Lock.Held lock) {
        Kv kv = target.kv(client);
        Optional<KeyValue> found = kv.get(COUNTER, Target.READ);
        long next = found.map(LockWorkload::number).orElse(0L) + 1;
        Result result = kv.submit(
                Transact.newBuilder()
                        .addCompare(lock.condition())
                        .addSuccess(Operations.put(
                                COUNTER, ByteString.copyFromUtf8(Long.toString(next)), KvPutOptions.DEFAULT))
                        .build(),
                Target.WRITE);
        if (result.getTransact().getSucceeded()) {
            writes.add(new Fenced(lock.token(), next, result.getVersion()));
        }
        return result.getTransact().getSucceeded() ? "counted " + next : "not held any more";
    }

    private static long number(KeyValue entry) {
        if (entry.getValueOmitted()) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "the value was left out");
        }
        return Long.parseLong(entry.getValue().toStringUtf8());
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return LockJudge.judge(name(), List.copyOf(writes), List.copyOf(held));
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
