package io.moorage.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The operator's pages: /healthz and /readyz on one port, /metrics for Prometheus on another. */
final class OperatorPages implements AutoCloseable {
    private final HttpServer health;
    private final HttpServer metrics;
    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task, "pages");
        thread.setDaemon(true);
        return thread;
    });

    /** @param healthy asked anew at each request */
    OperatorPages(int healthPort, int metricsPort, PrometheusMeterRegistry registry, BooleanSupplier healthy)
            throws IOException {
        health = HttpServer.create(new InetSocketAddress(healthPort), 16);
        health.createContext("/healthz", exchange -> answer(exchange, healthy.getAsBoolean()));
        health.createContext("/readyz", exchange -> answer(exchange, healthy.getAsBoolean()));
        health.setExecutor(executor);
        metrics = HttpServer.create(new InetSocketAddress(metricsPort), 16);
        metrics.createContext(
                "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4", registry.scrape()));
        metrics.setExecutor(executor);
    }

    void start() {
        health.start();
        metrics.start();
    }

    private static void answer(HttpExchange exchange, boolean healthy) throws IOException {
        send(exchange, healthy ? 200 : 503, "text/plain", healthy ? "ok\n" : "not watching what it should\n");
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        health.stop(0);
        metrics.stop(0);
        executor.shutdownNow();
    }
}
