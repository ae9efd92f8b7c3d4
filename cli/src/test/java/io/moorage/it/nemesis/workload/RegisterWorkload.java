package io.moorage.it.nemesis.workload;

import com.google.protobuf.ByteString;
import io.moorage.client.kv.Cas;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.RegisterModel;
import io.moorage.it.nemesis.check.RegisterModel.Delete;
import io.moorage.it.nemesis.check.RegisterModel.Input;
import io.moorage.it.nemesis.check.RegisterModel.Output;
import io.moorage.it.nemesis.check.RegisterModel.Read;
import io.moorage.it.nemesis.check.RegisterModel.Swap;
import io.moorage.it.nemesis.check.RegisterModel.Write;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.KvResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Keys that are put, swapped, deleted and read are registers, and tell what they held before. */
public final class RegisterWorkload implements Workload {
    private final Target target;
    private final KeyTurns keys = new KeyTurns("register/", 3, 60);
    private final AtomicLong values = new AtomicLong();
    private final History<Input, Output> history = new History<>();
    /** What each client saw last, to swap it for something else. */
    private final String[] lastSeen = new String[clients()];

    public RegisterWorkload(Target target) {
        this.target = target;
    }

    @Override
    public String name() {
        return "register";
    }

    @Override
    public int clients() {
        return 5;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        String key = keys.next(random.nextInt());
        String value = client + "-" + values.incrementAndGet();
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> put(key, client, value);
            case 3, 4 -> swap(key, client, lastSeen[client], value);
            case 5 -> delete(key, client);
            default -> lastSeen[client] = read(key, client).orElse(null);
        }
    }

    private Optional<String> read(String key, int client) throws IOException {
        return Attempts.run(history, key, client, new Read(), () -> {
                    Optional<KeyValue> found = target.kv(client).get(key, Target.READ);
                    return new Output(
                            true,
                            found.map(RegisterWorkload::text).orElse(null),
                            found.map(f -> f.getEntry().getVersion()).orElse(0L));
                })
                .map(Output::value);
    }

    private void put(String key, int client, String value) throws IOException {
        Attempts.run(history, key, client, new Write(value), () -> {
            KvResult result =
                    target.kv(client).put(key, ByteString.copyFromUtf8(value), KvPutOptions.DEFAULT, Target.WRITE);
            return new Output(
                    true, previous(result), result.getEntry().getEntry().getVersion());
        });
    }

    private void swap(String key, int client, String expected, String value) throws IOException {
        Attempts.run(history, key, client, new Swap(expected, value), () -> {
            Cas cas = target.kv(client)
                    .compareAndSwap(
                            expected == null
                                    ? Comparisons.absent(key)
                                    : Comparisons.value(key, ByteString.copyFromUtf8(expected)),
                            ByteString.copyFromUtf8(value),
                            KvPutOptions.DEFAULT,
                            Target.WRITE);
            return new Output(cas.swapped(), RegisterModel.NOT_TOLD, cas.swapped() ? cas.version() : 0);
        });
    }

    private void delete(String key, int client) throws IOException {
        Attempts.run(
                history,
                key,
                client,
                new Delete(),
                () -> new Output(true, previous(target.kv(client).delete(key, Target.WRITE)), 0));
    }

    private static String previous(KvResult result) {
        if (!result.getExisted()) {
            return null;
        }
        return result.hasPrevious() ? text(result.getPrevious()) : RegisterModel.NOT_TOLD;
    }

    /** An answer that is given a second time lacks the value. */
    private static String text(KeyValue entry) {
        return entry.getValueOmitted()
                ? RegisterModel.NOT_TOLD
                : entry.getValue().toStringUtf8();
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return RegisterJudge.judge(name(), history, startNanos, faults);
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
