package io.moorage.cli.kubernetes.control;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Asks processes whether they serve, aside; the answers of last time are at hand. Thread-safe. */
final class Probes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** One that starts: everything waits for it. */
    private static final long STARTING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** Failures in a row before one that served is said not to. */
    private static final int FAILURES = 3;

    private static final int HTTP_OK = 200;

    private record Probe(Program program, int port) {}

    private static final class State {
        private boolean serves;
        private int failures;
        private boolean asked;
        private long last = System.nanoTime() - EVERY_NANOS;

        State(boolean assumed) {
            serves = assumed;
        }
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(4, task -> {
        Thread thread = new Thread(task, "probe");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final Map<Integer, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Map<Probe, State> states = new ConcurrentHashMap<>();
    private final Runnable changed;

    /** @param changed called when an answer is another one */
    Probes(Runnable changed) {
        this.changed = changed;
    }

    /**
     * Whether it served when it was asked last; asks again, sooner if it did not.
     *
     * @param assumed what is taken to be so until there is an answer: a process that was taken up is as it was said to be
     */
    boolean serves(Program program, int port, boolean assumed) {
        Probe probe = new Probe(program, port);
        State state = states.computeIfAbsent(probe, key -> new State(assumed));
        synchronized (state) {
            long every = state.serves ? EVERY_NANOS : STARTING_NANOS;
            if (!state.asked && System.nanoTime() - state.last >= every) {
                state.asked = true;
                threads.execute(() -> ask(probe, state));
            }
            return state.serves;
        }
    }

    /** It does not run: whatever was answered is past. */
    void forget(Program program, int port) {
        states.remove(new Probe(program, port));
        ManagedChannel channel = channels.remove(port);
        if (channel != null) {
            channel.shutdownNow();
        }
    }

    void forgetAllBut(Set<Integer> ports) {
        states.keySet().stream()
                .filter(probe -> !ports.contains(probe.port()))
                .forEach(probe -> forget(probe.program(), probe.port()));
    }

    private void ask(Probe probe, State state) {
        boolean serves = probe.program() == Program.STORAGE_NODE ? askGrpc(probe.port()) : askHttp(probe.port());
        boolean different;
        synchronized (state) {
            state.failures = serves ? 0 : state.failures + 1;
            boolean now = serves || state.serves && state.failures < FAILURES;
            different = now != state.serves;
            state.serves = now;
            state.asked = false;
            state.last = System.nanoTime();
        }
        if (different) {
            changed.run();
        }
    }

    private boolean askGrpc(int port) {
        ManagedChannel channel = channels.computeIfAbsent(
                port,
                key -> ManagedChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build());
        try {
            channel.resetConnectBackoff();
            return ClientCalls.blockingUnaryCall(
                                    channel,
                                    HealthGrpc.getCheckMethod(),
                                    CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS),
                                    HealthCheckRequest.getDefaultInstance())
                            .getStatus()
                    == ServingStatus.SERVING;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private boolean askHttp(int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/storage/health/ready"))
                .timeout(PATIENCE)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == HTTP_OK;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
