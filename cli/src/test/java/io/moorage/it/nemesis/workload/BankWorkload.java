package io.moorage.it.nemesis.workload;

import com.google.protobuf.ByteString;
import io.moorage.client.MoorageException;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.CreatePin;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.KeyValue;
import io.moorage.protocol.v1.PinKind;
import io.moorage.protocol.v1.ReleasePin;
import io.moorage.protocol.v1.Transact;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Money is moved between accounts by transactions: whoever looks, now or into a snapshot, always finds all of it. */
public final class BankWorkload implements Workload {
    private static final int ACCOUNTS = 6;
    private static final long EACH = 100;
    private static final String PREFIX = "bank/";

    private final Target target;
    private final AtomicLong snapshots = new AtomicLong();
    private final List<Anomaly> anomalies = new CopyOnWriteArrayList<>();
    private final History<String, String> history = new History<>();

    /** Opens the accounts. */
    public BankWorkload(Target target) {
        this.target = target;
        Transact.Builder open = Transact.newBuilder();
        for (int i = 0; i < ACCOUNTS; i++) {
            open.addSuccess(Operations.put(PREFIX + i, amount(EACH), KvPutOptions.DEFAULT));
        }
        target.kv(0).transact(open.build(), Target.PATIENT.withConsistency(Target.WRITE.consistency()));
    }

    private static ByteString amount(long value) {
        return ByteString.copyFromUtf8(Long.toString(value));
    }

    @Override
    public String name() {
        return "bank";
    }

    @Override
    public int clients() {
        return 3;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        if (random.nextInt(40) == 0) {
            attempt(client, "snapshot", () -> snapshot(client));
            return;
        }
        Map<String, KeyValue> accounts = new TreeMap<>();
        attempt(client, "read all", () -> {
            target.kv(client)
                    .range(PREFIX, "", 1000, false, Target.READ)
                    .entries()
                    .forEach(entry -> accounts.put(entry.getEntry().getKey(), entry));
            return judge("a read", accounts);
        });
        if (accounts.size() == ACCOUNTS && random.nextBoolean()) {
            String from = PREFIX + random.nextInt(ACCOUNTS);
            String to = PREFIX + random.nextInt(ACCOUNTS);
            long sum = 1 + random.nextInt(20);
            if (!from.equals(to) && value(accounts.get(from)) >= sum) {
                attempt(
                        client,
                        from + " to " + to + ": " + sum,
                        () -> transfer(client, accounts.get(from), accounts.get(to), sum));
            }
        }
    }

    private void attempt(int client, String what, Attempts.Attempt<String> attempt) throws IOException {
        Attempts.run(history, PREFIX, client, what, attempt);
    }

    private String transfer(int client, KeyValue from, KeyValue to, long sum) {
        return "succeeded: "
                + target.kv(client)
                        .transact(
                                Transact.newBuilder()
                                        .addCompare(Comparisons.value(
                                                from.getEntry().getKey(), from.getValue()))
                                        .addCompare(Comparisons.version(
                                                to.getEntry().getKey(),
                                                to.getEntry().getVersion()))
                                        .addSuccess(Operations.put(
                                                from.getEntry().getKey(),
                                                amount(value(from) - sum),
                                                KvPutOptions.DEFAULT))
                                        .addSuccess(Operations.put(
                                                to.getEntry().getKey(), amount(value(to) + sum), KvPutOptions.DEFAULT))
                                        .build(),
                                Target.WRITE)
                        .getSucceeded();
    }

    /** Pins the volume's state, and reads it account by account while money moves on. */
    private String snapshot(int client) {
        String name = "bank-" + client + "-" + snapshots.incrementAndGet();
        long version = target.commands()
                .submit(Command.newBuilder()
                        .setCreatePin(CreatePin.newBuilder().setName(name).setKind(PinKind.PIN_KIND_SNAPSHOT)))
                .getPin()
                .getPin()
                .getVersion();
        try {
            String first = readAsOf(client, version);
            String second = readAsOf(client, version);
            if (!first.equals(second)) {
                anomalies.add(new Anomaly(name(), "snapshot " + name + " changed", first + "\n" + second));
            }
            return first;
        } finally {
            release(name);
        }
    }

    private String readAsOf(int client, long version) {
        Map<String, KeyValue> accounts = new TreeMap<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            String key = PREFIX + i;
            target.kv(client)
                    .get(key, Target.READ.withAsOfVersion(version))
                    .ifPresent(entry -> accounts.put(key, entry));
        }
        return judge("a read as of version " + version, accounts);
    }

    private void release(String name) {
        try {
            target.commands()
                    .submit(Command.newBuilder()
                            .setReleasePin(ReleasePin.newBuilder().setName(name)));
        } catch (MoorageException e) {
            // It stays: a snapshot more or less is nobody's loss.
        }
    }

    private String judge(String who, Map<String, KeyValue> accounts) {
        Map<String, Long> amounts = new TreeMap<>();
        accounts.forEach((key, entry) -> amounts.put(key, value(entry)));
        long sum = amounts.values().stream().mapToLong(Long::longValue).sum();
        boolean negative = amounts.values().stream().anyMatch(amount -> amount < 0);
        if (amounts.size() != ACCOUNTS || sum != ACCOUNTS * EACH || negative) {
            anomalies.add(new Anomaly(
                    name(), who + " found " + sum + " in " + amounts.size() + " accounts", amounts.toString()));
        }
        return amounts.toString();
    }

    /** An answer that is given a second time lacks values: it is as good as none. */
    private static long value(KeyValue entry) {
        if (entry.getValueOmitted()) {
            throw new MoorageException(ErrorCode.ERROR_CODE_UNAVAILABLE, "the value was left out");
        }
        return Long.parseLong(entry.getValue().toStringUtf8());
    }

    @Override
    public void finish() {
        Map<String, KeyValue> accounts = new TreeMap<>();
        target.kv(0)
                .range(PREFIX, "", 1000, false, Target.PATIENT)
                .entries()
                .forEach(entry -> accounts.put(entry.getEntry().getKey(), entry));
        judge("the last read", accounts);
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
