package io.moorage.it.nemesis.workload;

import io.moorage.client.EntryReader;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.ListJudge;
import io.moorage.it.nemesis.check.ListJudge.Append;
import io.moorage.it.nemesis.check.ListJudge.ReadAll;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import io.moorage.protocol.v1.Precondition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Files that lines are appended to are lists: each line once, in an order that nobody sees another of. */
public final class ListWorkload implements Workload {
    private final Target target;
    private final KeyTurns keys = new KeyTurns("lists/", 2, 150);
    private final AtomicLong lines = new AtomicLong();
    private final History<ListJudge.Input, List<String>> history = new History<>();

    public ListWorkload(Target target) {
        this.target = target;
    }

    @Override
    public String name() {
        return "append";
    }

    @Override
    public int clients() {
        return 3;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        String key = keys.next(random.nextInt());
        if (random.nextInt(3) > 0) {
            String line = client + "-" + lines.incrementAndGet();
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
            Attempts.run(history, key, client, new Append(line), () -> {
                target.files(client)
                        .append(
                                key,
                                "",
                                Precondition.getDefaultInstance(),
                                new ByteArrayInputStream(bytes),
                                bytes.length,
                                Target.WRITE);
                return List.of();
            });
        } else {
            Attempts.run(history, key, client, new ReadAll(), () -> read(client, key));
        }
    }

    private List<String> read(int client, String key) throws IOException {
        try (EntryReader reader = target.files(client).open(key, Target.READ).orElse(null)) {
            if (reader == null) {
                return List.of();
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            reader.transferTo(0, reader.entry().getSize(), out);
            return out.toString(StandardCharsets.US_ASCII).lines().toList();
        }
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return history.keys().stream()
                .flatMap(key -> ListJudge.judge(name(), key, history.of(key)).stream())
                .toList();
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
