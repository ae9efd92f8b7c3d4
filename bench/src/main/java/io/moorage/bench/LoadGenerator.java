package io.moorage.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Drives a store over HTTP with a number of clients for some seconds, and prints rates, latencies, and what the servers'
 * processes used meanwhile. Numbers are for comparing targets in one run on one machine, not for quoting alone.
 */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false)
public final class LoadGenerator implements Callable<Integer> {
    enum Operation {
        PUT,
        GET,
        LIST,
        MIXED
    }

    @Option(names = "--target", defaultValue = "MOORAGE", description = "${COMPLETION-CANDIDATES}")
    private Target target;

    @Option(names = "--url", required = true, description = "where keys are put; for etcd the base of its gateway")
    private String url;

    @Option(names = "--operation", defaultValue = "PUT", description = "${COMPLETION-CANDIDATES}")
    private Operation operation;

    @Mixin
    private LoadOptions load;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final AtomicLong sequence = new AtomicLong();
    private volatile boolean counting;
    private volatile boolean ended;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LoadGenerator())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        byte[] body = new byte[ByteSize.parse(load.size)];
        new SplittableRandom(1).nextBytes(body);
        if (operation != Operation.PUT) {
            prepare(body);
        }
        ExecutorService executor = Executors.newFixedThreadPool(load.clients);
        List<Future<Samples>> running = new ArrayList<>();
        for (int i = 0; i < load.clients; i++) {
            int client = i;
            running.add(executor.submit(() -> work(client, body)));
        }
        Thread.sleep(load.warmup * 1000L);
        List<ProcessUsage> usages = ProcessUsage.startAll(load.processes);
        counting = true;
        long start = System.nanoTime();
        Thread.sleep(load.seconds * 1000L);
        ended = true;
        double elapsed = (System.nanoTime() - start) / 1e9;
        ProcessUsage.stopAll(usages);
        List<Samples> all = new ArrayList<>();
        for (Future<Samples> future : running) {
            all.add(future.get());
        }
        executor.shutdown();
        Samples.Summary summary = Samples.Summary.of(all);
        print(summary, elapsed, body.length, usages);
        return summary.errors() == 0 ? 0 : 1;
    }

    private void prepare(byte[] body) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(Math.min(8, load.clients));
        List<Future<?>> puts = new ArrayList<>();
        for (int i = 0; i < load.keys; i++) {
            String key = "bench/read-" + body.length + "-" + i;
            puts.add(executor.submit(() -> send(target.put(url, key, body))));
        }
        for (Future<?> put : puts) {
            put.get();
        }
        executor.shutdown();
    }

    private Samples work(int client, byte[] body) {
        Samples samples = new Samples();
        SplittableRandom random = new SplittableRandom(client);
        while (!ended) {
            Supplier<HttpRequest> request = next(random, body);
            long start = System.nanoTime();
            try {
                send(request.get());
                if (counting && !ended) {
                    samples.add(System.nanoTime() - start);
                }
            } catch (IllegalStateException e) {
                samples.failed(e.getMessage());
            }
        }
        return samples;
    }

    private Supplier<HttpRequest> next(SplittableRandom random, byte[] body) {
        boolean put = operation == Operation.PUT || operation == Operation.MIXED && random.nextInt(10) < 3;
        if (put) {
            String key = "bench/write-" + body.length + "-" + sequence.incrementAndGet();
            return () -> target.put(url, key, body);
        }
        if (operation == Operation.LIST) {
            return () -> target.list(url, "bench/");
        }
        String key = "bench/read-" + body.length + "-" + random.nextInt(load.keys);
        return () -> target.get(url, key);
    }

    private long send(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] buffer = new byte[64 * 1024];
                long total = 0;
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    total += n;
                }
                if (response.statusCode() >= 300) {
                    throw new IllegalStateException("HTTP " + response.statusCode() + " "
                            + new String(ByteBuffer.wrap(buffer, 0, 200).array(), 0, 200));
                }
                return total;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }

    private void print(Samples.Summary summary, double elapsed, int bytes, List<ProcessUsage> usages)
            throws IOException {
        double rate = summary.operations() / elapsed;
        System.out.printf(
                "%-10s %-5s %8s x%-3d  %8.0f ops/s  %8.1f MB/s  p50 %7.2f ms  p99 %7.2f ms  errors %d%n",
                target,
                operation,
                load.size,
                load.clients,
                rate,
                operation == Operation.LIST ? 0 : rate * bytes / 1e6,
                summary.percentile(0.50),
                summary.percentile(0.99),
                summary.errors());
        summary.printError();
        for (ProcessUsage usage : usages) {
            System.out.printf(
                    "  %-14s %6.1f us CPU/op  peak %5d MiB%n",
                    usage.name(), usage.cpuSeconds() * 1e6 / Math.max(1, summary.operations()), usage.peakMiB());
        }
    }
}
