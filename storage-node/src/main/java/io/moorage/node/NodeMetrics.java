package io.moorage.node;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moorage.node.raft.RaftHost;
import io.moorage.node.replica.NodeErrors;
import io.moorage.node.replica.Replica;
import io.moorage.node.scrub.Scrubber;
import io.moorage.node.status.SpaceWatch;
import io.moorage.protocol.v1.ScrubInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;

/** Metrics of a node for Prometheus, at /metrics on their own port. */
final class NodeMetrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final RaftHost raft;
    private final HttpServer server;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "metrics");
        thread.setDaemon(true);
        return thread;
    });

    NodeMetrics(RaftHost raft, SpaceWatch space, Scrubber scrubber, InetSocketAddress address) throws IOException {
        this.raft = raft;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        Gauge.builder("moorage.disk.free.bytes", space, SpaceWatch::freeBytes).register(registry);
        Gauge.builder("moorage.disk.full", space, s -> s.isFull() ? 1 : 0).register(registry);
        sum("moorage.replicas", "replicas on this node", replica -> 1);
        sum("moorage.extents.missing", "extents to fetch from other replicas", Replica::missingExtents);
        sum(
                "moorage.extents.live.bytes",
                "extents in files",
                r -> r.extents().stats().liveBytes());
        sum(
                "moorage.extents.garbage.bytes",
                "freed and not reused yet",
                r -> r.extents().stats().garbageBytes());
        FunctionCounter.builder(
                        "moorage.extents.corrupt",
                        this,
                        m -> m.total(r -> r.extents().stats().corruptions()))
                .description("reads that found a bad copy")
                .register(registry);
        FunctionCounter.builder("moorage.extents.repaired", this, m -> m.total(Replica::repairedExtents))
                .description("extents fetched from other replicas")
                .register(registry);
        Gauge.builder("moorage.scrub.last.finished.seconds", scrubber, s -> seconds(s.info()))
                .description("when the last scrub ended, since 1970; 0: none did, or one is under way")
                .register(registry);
        FunctionCounter.builder("moorage.scrub.bytes", scrubber, Scrubber::bytes)
                .description("read by scrubs")
                .register(registry);
        FunctionCounter.builder("moorage.scrub.bad", scrubber, Scrubber::bad)
                .description("bad copies that scrubs found")
                .register(registry);
        server = HttpServer.create(address, 16);
        server.createContext("/metrics", exchange -> {
            byte[] body = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.setExecutor(executor);
        server.start();
    }

    private static double seconds(Optional<ScrubInfo> scrub) {
        return scrub.map(info -> info.getFinishedMs() / 1000.0).orElse(0.0);
    }

    private void sum(String name, String description, ToDoubleFunction<Replica> value) {
        Gauge.builder(name, this, m -> m.total(value)).description(description).register(registry);
    }

    private double total(ToDoubleFunction<Replica> value) {
        double total = 0;
        for (UUID group : raft.groups()) {
            try {
                total += value.applyAsDouble(raft.replica(group));
            } catch (NodeErrors.CallException e) {
                // It went away while we were counting.
            }
        }
        return total;
    }

    @Override
    public void close() {
        server.stop(0);
        executor.shutdownNow();
        gc.close();
        registry.close();
    }
}
