package io.moorage.bench.kv;

import io.moorage.bench.ByteSize;
import io.moorage.bench.ProcessUsage;
import io.moorage.bench.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Drives a key-value store with numbers of clients, one after the other, and prints rates and latencies. Both stores are spoken to in
 * gRPC by this one process. Numbers are for comparing targets in one run on one machine.
 */
@Command(name = "kv-load", mixinStandardHelpOptions = true, sortOptions = false)
public final class KvLoad implements Callable<Integer> {
    enum Target {
        MOORAGE,
        ETCD
    }

    enum Operation {
        /** Of new values to keys that are there. */
        PUT,
        /** Linearizable. */
        GET,
        /** From any replica, however old. */
        GET_EVENTUAL,
        /** Each client of a key of its own, by its version. */
        CAS,
        /** One comparison, two reads and two writes. */
        TXN
    }

    @Option(names = "--target", required = true, description = "${COMPLETION-CANDIDATES}")
    private Target target;

    @Option(names = "--endpoint", required = true, split = ",", description = "host:port of each node")
    private List<String> endpoints;

    @Option(names = "--volume", defaultValue = "bench", description = "of Moorage")
    private String volume;

    @Option(names = "--operation", split = ",", defaultValue = "PUT,GET,GET_EVENTUAL,CAS,TXN")
    private List<Operation> operations;

    @Option(names = "--size", split = ",", defaultValue = "100,4KiB", description = "bytes of a value")
    private List<String> sizes;

    @Option(names = "--clients", split = ",", defaultValue = "1,16,64,256")
    private List<Integer> clients;

    @Option(names = "--keys", defaultValue = "10000")
    private int keys;

    @Option(names = "--seconds", defaultValue = "5", description = "that are counted of each measurement")
    private int seconds;

    @Option(names = "--settle", defaultValue = "1", description = "seconds before them")
    private int settle;

    @Option(names = "--warmup", defaultValue = "10", description = "seconds of everything before the first measurement")
    private int warmup;

    @Option(names = "--process", description = "NAME=PID of a server process to watch; may be repeated")
    private List<String> processes = List.of();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KvLoad())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        long errors = 0;
        int warm = Math.max(1, warmup / operations.size());
        try (KvTarget store = target == Target.ETCD ? new EtcdKv(endpoints) : new MoorageKv(endpoints, volume)) {
            for (String size : sizes) {
                byte[] value = new byte[ByteSize.parse(size)];
                new SplittableRandom(1).nextBytes(value);
                fill(store, value);
                for (Operation operation : operations) {
                    measure(store, operation, 64, value, 0, warm);
                }
                // All of what runs has been compiled by then.
                warm = 1;
                for (Operation operation : operations) {
                    for (int count : clients) {
                        List<ProcessUsage> usages = ProcessUsage.startAll(processes);
                        Samples.Summary summary = measure(store, operation, count, value, settle, seconds);
                        ProcessUsage.stopAll(usages);
                        print(operation, size, count, summary, usages);
                        errors += summary.errors();
                    }
                }
            }
        }
        return errors == 0 ? 0 : 1;
    }

    private void fill(KvTarget store, byte[] value) throws InterruptedException, ExecutionException {
        int writers = 64;
        ExecutorService executor = Executors.newFixedThreadPool(writers);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
            int first = i;
            running.add(executor.submit(() -> {
                for (int key = first; key < keys; key += writers) {
                    store.put(key(key), value);
                }
            }));
        }
        for (Future<?> future : running) {
            future.get();
        }
        executor.shutdown();
    }

    private Samples.Summary measure(
            KvTarget store, Operation operation, int count, byte[] value, int before, int counted)
            throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(count);
        long from = System.nanoTime() + TimeUnit.SECONDS.toNanos(before);
        long to = from + TimeUnit.SECONDS.toNanos(counted);
        List<Future<Samples>> running = new ArrayList<>();
        for (int client = 0; client < count; client++) {
            Client worker = new Client(store, operation, client, value.clone());
            running.add(executor.submit(() -> worker.run(from, to)));
        }
        List<Samples> all = new ArrayList<>();
        for (Future<Samples> future : running) {
            all.add(future.get());
        }
        executor.shutdown();
        return Samples.Summary.of(all);
    }

    private void print(Operation operation, String size, int count, Samples.Summary summary, List<ProcessUsage> usages)
            throws IOException {
        double cpu = usages.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
        System.out.printf(
                "%-8s %-12s %6s x%-3d %8.0f ops/s  p50 %7.2f ms  p99 %7.2f ms  %6.0f us CPU/op  peak %5d MiB  errors %d%n",
                target,
                operation,
                size,
                count,
                summary.operations() / (double) seconds,
                summary.percentile(0.50),
                summary.percentile(0.99),
                cpu * 1e6 * seconds / (seconds + settle) / Math.max(1, summary.operations()),
                usages.stream().mapToLong(ProcessUsage::peakMiB).max().orElse(0),
                summary.errors());
        summary.printError();
    }

    private static String key(int number) {
        return "key-" + number;
    }

    /** One of those who ask. For one thread. */
    private final class Client {
        private final KvTarget store;
        private final Operation operation;
        private final byte[] value;
        private final String own;
        private final SplittableRandom random;
        private long version;

        private Client(KvTarget store, Operation operation, int number, byte[] value) {
            this.store = store;
            this.operation = operation;
            this.value = value;
            this.own = "own-" + System.nanoTime() + "-" + number;
            this.random = new SplittableRandom(number);
        }

        private Samples run(long from, long to) {
            Samples samples = new Samples();
            while (true) {
                long start = System.nanoTime();
                if (start >= to) {
                    return samples;
                }
                try {
                    once();
                    long end = System.nanoTime();
                    if (start >= from && end <= to) {
                        samples.add(end - start);
                    }
                } catch (RuntimeException e) {
                    samples.failed(e.toString());
                    if (samples.errors() > 100) {
                        return samples;
                    }
                }
            }
        }

        private void once() {
            switch (operation) {
                case PUT -> store.put(any(), value);
                case GET -> store.get(any(), true);
                case GET_EVENTUAL -> store.get(any(), false);
                case CAS -> version = store.compareAndSwap(own, version, value);
                case TXN -> {
                    int first = random.nextInt(keys - 4);
                    String[] names = new String[4];
                    Arrays.setAll(names, i -> key(first + i));
                    store.transact(
                            "absent", new String[] {names[0], names[1]}, new String[] {names[2], names[3]}, value);
                }
            }
        }

        private String any() {
            return key(random.nextInt(keys));
        }
    }
}
