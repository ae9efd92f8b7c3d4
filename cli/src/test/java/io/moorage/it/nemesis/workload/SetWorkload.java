package io.moorage.it.nemesis.workload;

import com.google.protobuf.ByteString;
import io.moorage.client.kv.Comparisons;
import io.moorage.client.kv.KvPage;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.it.nemesis.check.Anomaly;
import io.moorage.it.nemesis.check.SetJudge;
import io.moorage.it.nemesis.check.SetJudge.Add;
import io.moorage.it.nemesis.check.SetJudge.ReadAll;
import io.moorage.it.nemesis.history.Counts;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.it.nemesis.history.History;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A directory that keys are created in is a set, and a listing of it is a read of the whole. */
public final class SetWorkload implements Workload {
    private final Target target;
    private final KeyTurns directories = new KeyTurns("sets/", 1, 300);
    private final AtomicLong elements = new AtomicLong();
    private final History<SetJudge.Input, Set<String>> history = new History<>();

    public SetWorkload(Target target) {
        this.target = target;
    }

    @Override
    public String name() {
        return "set";
    }

    @Override
    public int clients() {
        return 2;
    }

    @Override
    public void step(int client, SplittableRandom random) throws IOException {
        String directory = directories.next(0) + "/";
        if (random.nextInt(4) > 0) {
            String element = client + "-" + elements.incrementAndGet();
            Attempts.run(history, directory, client, new Add(element), () -> {
                boolean added = target.kv(client)
                        .compareAndSwap(
                                Comparisons.absent(directory + element),
                                ByteString.EMPTY,
                                KvPutOptions.DEFAULT,
                                Target.WRITE)
                        .swapped();
                return added ? Set.of() : Set.of("refused");
            });
        } else {
            boolean keysOnly = random.nextBoolean();
            Attempts.run(history, directory, client, new ReadAll(), () -> {
                KvPage page = target.kv(client).range(directory, "", 1000, keysOnly, Target.READ);
                return page.entries().stream()
                        .map(entry -> entry.getEntry().getKey().substring(directory.length()))
                        .collect(Collectors.toSet());
            });
        }
    }

    @Override
    public List<Anomaly> check(long startNanos, List<FaultLog.Entry> faults) {
        return history.keys().stream()
                .flatMap(key -> SetJudge.judge(name(), key, history.of(key)).stream())
                .toList();
    }

    @Override
    public Counts counts() {
        return history.counts();
    }
}
