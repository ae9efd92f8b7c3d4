package io.moorage.bench;

import com.google.protobuf.ByteString;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.kv.Kv;
import io.moorage.client.kv.KvPutOptions;
import io.moorage.client.kv.Operations;
import io.moorage.protocol.v1.Transact;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Fills a volume with small files, or keys, through the client library, by many clients at once. */
@Command(name = "many-files", mixinStandardHelpOptions = true, sortOptions = false)
public final class ManyFiles implements Callable<Integer> {
    private static final int FILES_PER_DIRECTORY = 1000;

    @Option(names = "--nodes", required = true, split = ",", description = "host:port of storage nodes")
    private List<String> nodes;

    @Option(names = "--volume", required = true)
    private String volume;

    @Option(names = "--count", defaultValue = "1000000")
    private int count;

    @Option(names = "--size", defaultValue = "100", description = "bytes of each file")
    private int size;

    @Option(names = "--clients", defaultValue = "256")
    private int clients;

    @Option(
            names = "--at-once",
            defaultValue = "1",
            description = "more than 1: as many keys as this, at most 128, are put by one transaction")
    private int atOnce;

    private final AtomicInteger next = new AtomicInteger();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ManyFiles()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(clients);
        try (MoorageClient client = new MoorageClient(nodes, 1)) {
            VolumeRef found = find(client);
            VolumeStore store = client.store(found);
            Kv kv = client.kv(found);
            long start = System.nanoTime();
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                workers.add(executor.submit(() -> atOnce > 1 ? fill(kv) : fill(store)));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf("%d files stored in %.0f s (%.0f/s)%n", count, seconds, count / seconds);
        } finally {
            executor.shutdownNow();
        }
        return 0;
    }

    private VolumeRef find(MoorageClient client) {
        return client.admin().describe(Duration.ofSeconds(5)).stream()
                .flatMap(node -> node.replicas().stream())
                .map(replica -> GroupId.of(replica.getGroupId()))
                .distinct()
                .flatMap(group -> client.volumes(group, CallOptions.DEFAULT).stream()
                        .filter(found -> found.getSpec().getName().equals(volume))
                        .map(found -> new VolumeRef(
                                volume, group, found.getId(), found.getSpec().getConsistency())))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no volume '" + volume + "'"));
    }

    private Void fill(VolumeStore store) throws IOException {
        byte[] body = new byte[size];
        CallOptions call = CallOptions.DEFAULT.withDeadline(Duration.ofMinutes(2));
        for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
            store.put(PutOptions.of(key(i)), new ByteArrayInputStream(body), size, call);
        }
        return null;
    }

    private Void fill(Kv kv) {
        ByteString value = ByteString.copyFrom(new byte[size]);
        CallOptions call = CallOptions.DEFAULT.withDeadline(Duration.ofMinutes(2));
        for (int i = next.getAndAdd(atOnce); i < count; i = next.getAndAdd(atOnce)) {
            Transact.Builder puts = Transact.newBuilder();
            for (int key = i; key < Math.min(count, i + atOnce); key++) {
                puts.addSuccess(Operations.put(key(key), value, KvPutOptions.DEFAULT));
            }
            kv.transact(puts.build(), call);
        }
        return null;
    }

    private static String key(int i) {
        return String.format(Locale.ROOT, "d%05d/%06d", i / FILES_PER_DIRECTORY, i % FILES_PER_DIRECTORY);
    }
}
