package io.moorage.it.nemesis.workload;

import io.moorage.client.EntryReader;
import io.moorage.client.PutOptions;
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
import io.moorage.protocol.v1.EntryChange;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Files of all sizes are registers too, and every byte that is read belongs to one and the same put. */
public final class FileWorkload implements Workload {
    private static final Precondition ABSENT =
            Precondition.newBuilder().setMustNotExist(true).build();

    private final Target target;
    private final int largest;
    private final KeyTurns keys = new KeyTurns("files/", 2, 40);
    private final AtomicLong contents = new AtomicLong();
    private final History<Input, Output> history = new History<>();
    private final List<Anomaly> torn = new CopyOnWriteArrayList<>();

    /** @param largest bytes of a file */
    public FileWorkload(Target target, int largest) {
        this.target = target;
        this.largest = largest;
    }

    @Override
    public String name() {
        return "files";
    }

    @Override
    public int clients() {
        return 3;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        String key = keys.next(random.nextInt());
        switch (random.nextInt(8)) {
            case 0, 1 -> put(key, client, newContent(random));
            case 2 -> create(key, client, newContent(random));
            case 3 -> delete(key, client);
            default -> read(key, client);
        }
    }

    private NamedContent newContent(SplittableRandom random) {
        // As many small ones, which ride in the log, as others.
        int size = random.nextBoolean() ? 64 + random.nextInt(60_000) : 64 + random.nextInt(largest);
        return new NamedContent(contents.incrementAndGet(), size);
    }

    private void put(String key, int client, NamedContent content) throws IOException {
        Attempts.run(
                history,
                key,
                client,
                new Write(content.name()),
                () -> stored(store(client, key, content, Precondition.getDefaultInstance())));
    }

    private void create(String key, int client, NamedContent content) throws IOException {
        Output refused = new Output(false, RegisterModel.NOT_TOLD, 0);
        Attempts.run(history, key, client, new Swap(null, content.name()), refused, () -> {
            EntryChange change = store(client, key, content, ABSENT);
            return new Output(true, null, change.getEntry().getVersion());
        });
    }

    private EntryChange store(int client, String key, NamedContent content, Precondition precondition)
            throws IOException {
        byte[] bytes = content.bytes();
        return target.files(client)
                .put(
                        new PutOptions(key, "", List.of(), precondition, List::of),
                        new ByteArrayInputStream(bytes),
                        bytes.length,
                        Target.WRITE);
    }

    private static Output stored(EntryChange change) {
        return new Output(
                true,
                change.getReplaced() ? RegisterModel.NOT_TOLD : null,
                change.getEntry().getVersion());
    }

    private void delete(String key, int client) throws IOException {
        Attempts.run(history, key, client, new Delete(), () -> {
            EntryChange change = target.files(client).delete(key, Precondition.getDefaultInstance(), Target.WRITE);
            return new Output(true, change.getReplaced() ? RegisterModel.NOT_TOLD : null, 0);
        });
    }

    private void read(String key, int client) throws IOException {
        Attempts.run(history, key, client, new Read(), () -> {
            try (EntryReader reader =
                    target.files(client).open(key, Target.READ).orElse(null)) {
                if (reader == null) {
                    return new Output(true, null, 0);
                }
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                reader.transferTo(0, reader.entry().getSize(), out);
                long version = reader.entry().getVersion();
                return new Output(true, name(key, version, out.toByteArray()), version);
            }
        });
    }

    private String name(String key, long version, byte[] bytes) {
        String name = NamedContent.nameIn(bytes).orElse("(nameless)");
        if (!NamedContent.isWhole(bytes)) {
            torn.add(new Anomaly(
                    name(), "'" + key + "' of version " + version + " is not what was stored as " + name, ""));
        }
        return name;
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        List<Anomaly> anomalies = new ArrayList<>(torn);
        anomalies.addAll(RegisterJudge.judge(name(), history, startNanos, faults));
        return anomalies;
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
