package io.moorage.bench.kv;

import io.moorage.bench.ProcessUsage;
import io.moorage.bench.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Several key-value stores that are all up, by turns of some seconds, from this one process: what a machine gives changes by half within
 * an hour, and a comparison of what was measured minutes apart says little.
 */
@Command(name = "kv-turns", mixinStandardHelpOptions = true, sortOptions = false)
public final class KvTurns implements Callable<Integer> {
    @Option(
            names = "--target",
            required = true,
            description = "NAME=KIND@ENDPOINTS@PIDS, of kind moorage or etcd; others are compared with the last")
    private List<String> targets;

    @Option(names = "--operation", split = ",", defaultValue = "PUT", description = "${COMPLETION-CANDIDATES}")
    private List<KvOperation> operations;

    @Option(names = "--size", defaultValue = "100", description = "bytes of a value")
    private String size;

    @Option(names = "--clients", split = ",", defaultValue = "1,64,256")
    private List<Integer> clients;

    @Option(names = "--keys", defaultValue = "10000")
    private int keys;

    @Option(names = "--turns", defaultValue = "9", description = "of each target, for each number of clients")
    private int turns;

    @Option(names = "--milliseconds", defaultValue = "2500", description = "of a turn")
    private int milliseconds;

    @Option(names = "--warmup", defaultValue = "60", description = "seconds of load on all of them at once before")
    private int warmup;

    private record Store(String name, KvTarget kv, KvClients crew, List<String> processes) {}

    private record Turn(double rate, double p50, double p99, double cpuMicros, long errors) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new KvTurns())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        byte[] value = KvClients.value(size);
        List<Store> stores = targets.stream().map(this::open).toList();
        long errors = 0;
        try {
            for (Store store : stores) {
                store.crew().fill(value);
            }
            warm(stores, value);
            for (KvOperation operation : operations) {
                for (int count : clients) {
                    errors += compare(stores, operation, count, value);
                }
            }
        } finally {
            stores.forEach(store -> store.kv().close());
        }
        return errors == 0 ? 0 : 1;
    }

    private Store open(String target) {
        String[] parts = target.split("[=@]");
        if (parts.length != 4) {
            throw new IllegalArgumentException("--target " + target + " is not NAME=KIND@ENDPOINTS@PIDS");
        }
        KvTarget kv = KvKind.valueOf(parts[1].toUpperCase(Locale.ROOT)).open(List.of(parts[2].split(",")), "bench");
        return new Store(
                parts[0],
                kv,
                new KvClients(kv, keys),
                Arrays.stream(parts[3].split(","))
                        .map(pid -> parts[0] + "=" + pid)
                        .toList());
    }

    private void warm(List<Store> stores, byte[] value) throws Exception {
        Duration each = Duration.ofSeconds(warmup).dividedBy(operations.size());
        ExecutorService executor = Executors.newFixedThreadPool(stores.size());
        for (KvOperation operation : operations) {
            List<Future<?>> running = new ArrayList<>();
            for (Store store : stores) {
                running.add(executor.submit(() -> store.crew().measure(operation, 64, value, Duration.ZERO, each)));
            }
            for (Future<?> future : running) {
                future.get();
            }
        }
        executor.shutdown();
    }

    private long compare(List<Store> stores, KvOperation operation, int count, byte[] value) throws Exception {
        List<List<Turn>> results = new ArrayList<>();
        stores.forEach(store -> results.add(new ArrayList<>()));
        for (int turn = 0; turn < turns; turn++) {
            // Nobody is always behind the same one, nor always first.
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < stores.size(); i++) {
                order.add(i);
            }
            Collections.rotate(order, turn);
            if (turn / stores.size() % 2 == 1) {
                Collections.reverse(order);
            }
            for (int i : order) {
                results.get(i).add(turn(stores.get(i), operation, count, value));
            }
        }
        Turn last = middle(results.get(stores.size() - 1));
        for (int i = 0; i < stores.size(); i++) {
            Turn middle = middle(results.get(i));
            System.out.printf(
                    "%-12s x%-3d %-10s %8.0f ops/s  p50 %7.2f ms  p99 %7.2f ms  %6.0f us CPU/op  ratios %5.2f %5.2f  errors %d%n",
                    operation,
                    count,
                    stores.get(i).name(),
                    middle.rate(),
                    middle.p50(),
                    middle.p99(),
                    middle.cpuMicros(),
                    middle.rate() / last.rate(),
                    middle.p50() / last.p50(),
                    middle.errors());
        }
        return results.stream().flatMap(List::stream).mapToLong(Turn::errors).sum();
    }

    private Turn turn(Store store, KvOperation operation, int count, byte[] value) throws Exception {
        List<ProcessUsage> usages = ProcessUsage.startAll(store.processes());
        Duration settle = Duration.ofMillis(milliseconds / 10);
        Duration counted = Duration.ofMillis(milliseconds).minus(settle);
        Samples.Summary summary = store.crew().measure(operation, count, value, settle, counted);
        ProcessUsage.stopAll(usages);
        summary.printError();
        double cpu = usages.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
        double rate = summary.operations() * 1000.0 / counted.toMillis();
        return new Turn(
                rate,
                summary.percentile(0.50),
                summary.percentile(0.99),
                cpu * 1e6 / Math.max(1, rate * milliseconds / 1000.0),
                summary.errors());
    }

    /** Medians of the turns, of each number by itself; errors are added up. */
    private static Turn middle(List<Turn> turns) {
        return new Turn(
                median(turns, Turn::rate),
                median(turns, Turn::p50),
                median(turns, Turn::p99),
                median(turns, Turn::cpuMicros),
                turns.stream().mapToLong(Turn::errors).sum());
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> number) {
        double[] sorted = turns.stream().mapToDouble(number).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
