package io.moorage.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Drives an S3 service with a number of clients, and prints rates, latencies, and what the servers' processes used meanwhile. As
 * {@link LoadGenerator}, with the operations that only S3 has: numbers are for comparing targets in one run on one machine.
 */
@Command(name = "s3-load", mixinStandardHelpOptions = true, sortOptions = false)
public final class S3Load implements Callable<Integer> {
    private static final int PART = 8 << 20;
    private static final int PAGE = 1000;
    private static final int ATTEMPTS = 100;
    private static final Pattern UPLOAD = Pattern.compile("<UploadId>([^<]+)</UploadId>");
    private static final Pattern NEXT = Pattern.compile("<NextContinuationToken>([^<]+)</NextContinuationToken>");
    private static final Pattern KEY = Pattern.compile("<Key>");

    enum Operation {
        /** New keys, until the time is over. */
        PUT,
        /** Of keys that are put first. */
        GET,
        /** New keys in parts of 8 MiB. */
        MULTIPART,
        /** --keys new keys, as fast as they go. */
        FILL,
        /** All keys of FILL, page by page, once. */
        LIST,
        /** All keys of FILL, one by one. */
        DELETE
    }

    @Option(names = "--name", required = true, description = "of the target, as it is printed")
    private String name;

    @Option(names = "--url", required = true, description = "of a bucket, without a '/' at its end; made if need be")
    private String url;

    @Option(names = "--operation", defaultValue = "PUT", description = "${COMPLETION-CANDIDATES}")
    private Operation operation;

    @Mixin
    private LoadOptions load;

    private final S3Signer signer = S3Signer.of(System.getenv());
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong again = new AtomicLong();
    private volatile boolean counting;
    private volatile boolean ended;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new S3Load())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    private record Answer(String etag, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        byte[] body = new byte[ByteSize.parse(load.size)];
        new SplittableRandom(System.nanoTime()).nextBytes(body);
        makeBucket();
        if (operation == Operation.GET) {
            for (int i = 0; i < load.keys; i++) {
                send("PUT", "/read/" + body.length + "-" + i, "", Bodies.of(body), false);
            }
        }
        boolean whole = operation == Operation.FILL || operation == Operation.LIST || operation == Operation.DELETE;
        ExecutorService executor = Executors.newFixedThreadPool(load.clients);
        List<Future<Samples>> running = new ArrayList<>();
        counting = whole;
        List<ProcessUsage> usages = whole ? ProcessUsage.startAll(load.processes) : new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < (operation == Operation.LIST ? 1 : load.clients); i++) {
            int client = i;
            running.add(executor.submit(() -> work(client, body)));
        }
        if (!whole) {
            Thread.sleep(load.warmup * 1000L);
            usages = ProcessUsage.startAll(load.processes);
            counting = true;
            start = System.nanoTime();
            Thread.sleep(load.seconds * 1000L);
            ended = true;
        }
        List<Samples> all = new ArrayList<>();
        double elapsed = (System.nanoTime() - start) / 1e9;
        if (!whole) {
            ProcessUsage.stopAll(usages);
        }
        for (Future<Samples> future : running) {
            all.add(future.get());
        }
        if (whole) {
            elapsed = (System.nanoTime() - start) / 1e9;
            ProcessUsage.stopAll(usages);
        }
        executor.shutdown();
        Samples.Summary summary = Samples.Summary.of(all);
        print(summary, elapsed, body.length, usages);
        return summary.errors() == 0 ? 0 : 1;
    }

    private void makeBucket() {
        try {
            send("PUT", "", "", BodyPublishers.noBody(), false);
        } catch (IllegalStateException e) {
            if (!e.getMessage().startsWith("HTTP 409")) {
                throw e;
            }
        }
    }

    private Samples work(int client, byte[] body) {
        Samples samples = new Samples();
        SplittableRandom random = new SplittableRandom(client);
        String[] token = {""};
        while (!ended) {
            long start = System.nanoTime();
            try {
                if (!step(random, body, token)) {
                    break;
                }
                if (counting && !ended) {
                    samples.add(System.nanoTime() - start);
                }
            } catch (IllegalStateException e) {
                samples.failed(e.getMessage());
                if (samples.errors() > 100) {
                    break;
                }
            }
        }
        return samples;
    }

    /** @return whether there is more to do */
    private boolean step(SplittableRandom random, byte[] body, String[] token) {
        long number = sequence.getAndIncrement();
        switch (operation) {
            case PUT -> send("PUT", "/write/" + System.nanoTime() + number, "", Bodies.of(body), false);
            case GET ->
                send(
                        "GET",
                        "/read/" + body.length + "-" + random.nextInt(load.keys),
                        "",
                        BodyPublishers.noBody(),
                        false);
            case MULTIPART -> multipart("/parts/" + System.nanoTime() + number, body);
            case FILL -> {
                if (number >= load.keys) {
                    return false;
                }
                send("PUT", filled(number), "", Bodies.of(body), false);
            }
            case DELETE -> {
                if (number >= load.keys) {
                    return false;
                }
                send("DELETE", filled(number), "", BodyPublishers.noBody(), false);
            }
            case LIST -> {
                return list(token);
            }
        }
        return true;
    }

    private static String filled(long number) {
        return String.format(Locale.ROOT, "/filled/%03d/%06d", number / 1000, number);
    }

    private boolean list(String[] token) {
        if (token[0] == null) {
            return false;
        }
        String query = (token[0].isEmpty() ? "" : "continuation-token=" + encoded(token[0]) + "&")
                + "list-type=2&max-keys=" + PAGE + "&prefix=filled%2F";
        String page = send("GET", "", query, BodyPublishers.noBody(), true).text();
        long found = KEY.matcher(page).results().count();
        Matcher next = NEXT.matcher(page);
        token[0] = next.find() ? next.group(1) : null;
        if (found == 0) {
            throw new IllegalStateException("a page of a list is empty");
        }
        return true;
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text.replace("&#43;", "+"), StandardCharsets.UTF_8)
                .replace("+", "%20");
    }

    private void multipart(String key, byte[] body) {
        Matcher upload = UPLOAD.matcher(
                send("POST", key, "uploads=", BodyPublishers.noBody(), true).text());
        if (!upload.find()) {
            throw new IllegalStateException("no upload was begun");
        }
        String id = encoded(upload.group(1));
        StringBuilder parts = new StringBuilder("<CompleteMultipartUpload>");
        for (int offset = 0, number = 1; offset < body.length; offset += PART, number++) {
            Answer part = send(
                    "PUT",
                    key,
                    "partNumber=" + number + "&uploadId=" + id,
                    Bodies.of(body, offset, Math.min(PART, body.length - offset)),
                    false);
            parts.append("<Part><PartNumber>")
                    .append(number)
                    .append("</PartNumber><ETag>")
                    .append(part.etag())
                    .append("</ETag></Part>");
        }
        parts.append("</CompleteMultipartUpload>");
        send("POST", key, "uploadId=" + id, BodyPublishers.ofString(parts.toString()), false);
    }

    /** As SDKs do, it asks again when it is told to slow down, or cut off. */
    private Answer send(String method, String key, String query, BodyPublisher body, boolean keep) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(method, key, query, body, keep);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw new IllegalStateException(e.toString(), e);
                }
                again.incrementAndGet();
                pause(attempt);
            }
        }
    }

    private static void pause(int attempt) {
        try {
            Thread.sleep((long) (ThreadLocalRandom.current().nextDouble(0.5, 1) * Math.min(5000, 200L << attempt)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Answer once(String method, String key, String query, BodyPublisher body, boolean keep) throws IOException {
        try {
            HttpResponse<InputStream> response = http.send(
                    signer.sign(method, url + key, query, body).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() == 503) {
                    throw new IOException("HTTP 503 " + new String(in.readNBytes(300), StandardCharsets.UTF_8));
                }
                if (response.statusCode() >= 300) {
                    throw new IllegalStateException("HTTP " + response.statusCode() + " "
                            + new String(in.readNBytes(300), StandardCharsets.UTF_8));
                }
                byte[] kept = keep ? in.readAllBytes() : new byte[0];
                // To its end, so that the connection can be used again.
                in.transferTo(OutputStream.nullOutputStream());
                return new Answer(response.headers().firstValue("ETag").orElse(""), kept);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void print(Samples.Summary summary, double elapsed, int bytes, List<ProcessUsage> usages) {
        double rate = summary.operations() / elapsed;
        boolean moved = operation == Operation.PUT || operation == Operation.GET || operation == Operation.MULTIPART;
        double cpu = usages.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
        System.out.printf(
                "%-10s %-9s %8s x%-3d %8.0f ops/s %8.1f MB/s  p50 %8.2f ms  p99 %8.2f ms  %8.2f ms CPU/op  %6.1f s"
                        + "  errors %d, asked again %d%n",
                name,
                operation,
                moved ? load.size : "",
                load.clients,
                rate,
                moved ? rate * bytes / 1e6 : 0,
                summary.percentile(0.50),
                summary.percentile(0.99),
                cpu * 1e3 / Math.max(1, summary.operations()),
                elapsed,
                summary.errors(),
                again.get());
        summary.printError();
        for (ProcessUsage usage : usages) {
            System.out.printf(
                    "  %-14s %6.2f ms CPU/op  peak %5d MiB%n",
                    usage.name(), usage.cpuSeconds() * 1e3 / Math.max(1, summary.operations()), usage.peakMiB());
        }
    }
}
