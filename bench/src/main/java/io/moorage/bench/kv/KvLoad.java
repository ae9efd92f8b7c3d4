package io.moorage.bench.kv;

import io.moorage.bench.ProcessUsage;
import io.moorage.bench.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Drives a key-value store with numbers of clients, one after the other, and prints rates and latencies. Both stores are spoken to in
 * gRPC by this one process. Numbers are for comparing targets in one run on one machine.
 */
@Command(name = "kv-load", mixinStandardHelpOptions = true, sortOptions = false)
public final class KvLoad implements Callable<Integer> {
    @Option(names = "--target", required = true, description = "${COMPLETION-CANDIDATES}")
    private KvKind target;

    @Option(names = "--endpoint", required = true, split = ",", description = "host:port of each node")
    private List<String> endpoints;

    @Option(names = "--volume", defaultValue = "bench", description = "of Moorage")
    private String volume;

    @Option(names = "--operation", split = ",", defaultValue = "PUT,GET,GET_EVENTUAL,CAS,TXN")
    private List<KvOperation> operations;

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
        try (KvTarget store = target.open(endpoints, volume)) {
            KvClients crew = new KvClients(store, keys);
            for (String size : sizes) {
                byte[] value = KvClients.value(size);
                crew.fill(value);
                for (KvOperation operation : operations) {
                    crew.measure(operation, 64, value, Duration.ZERO, Duration.ofSeconds(warm));
                }
                // All of what runs has been compiled by then.
                warm = 1;
                for (KvOperation operation : operations) {
                    for (int count : clients) {
                        List<ProcessUsage> usages = ProcessUsage.startAll(processes);
                        Samples.Summary summary = crew.measure(
                                operation, count, value, Duration.ofSeconds(settle), Duration.ofSeconds(seconds));
                        ProcessUsage.stopAll(usages);
                        print(operation, size, count, summary, usages);
                        errors += summary.errors();
                    }
                }
            }
        }
        return errors == 0 ? 0 : 1;
    }

    private void print(
            KvOperation operation, String size, int count, Samples.Summary summary, List<ProcessUsage> usages)
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
}
