package io.moorage.api;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.config.ConfigRoutes;
import io.moorage.api.feed.FeedRoutes;
import io.moorage.api.feed.WebhookDelivery;
import io.moorage.api.files.FileRoutes;
import io.moorage.api.files.Volumes;
import io.moorage.api.health.HealthRoutes;
import io.moorage.api.http.Routes;
import io.moorage.api.kv.Keyspaces;
import io.moorage.api.kv.KvRoutes;
import io.moorage.api.kv.Watchers;
import io.moorage.api.nodes.NodeRoutes;
import io.moorage.api.volumes.VolumeRoutes;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.kv.Kv;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: routes, limits, metrics. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_THREADS = 400;
    /** Before JEP 491 a virtual thread that waits in a monitor keeps its carrier. */
    private static final int FIRST_JDK_WHERE_VIRTUAL_THREADS_WAIT_FREELY = 24;

    private static final boolean VIRTUAL_THREADS =
            Runtime.version().feature() >= FIRST_JDK_WHERE_VIRTUAL_THREADS_WAIT_FREELY;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Javalin server;
    private final Javalin metrics;
    private final AtomicBoolean accessLog;
    private final Watchers watchers;
    private final WebhookDelivery webhooks;
    private List<Routes.Route> routes;

    /**
     * @param stores what a resolved volume's entries are reached by
     * @param keys what they are reached by as keys and values
     */
    public ApiServer(
            ApiConfig config,
            ControlPlane plane,
            Function<VolumeRef, VolumeStore> stores,
            Function<VolumeRef, Kv> keys) {
        webhooks = new WebhookDelivery(plane, keys);
        watchers = new Watchers(
                Math.min(config.limits().concurrentRequests() / 2, VIRTUAL_THREADS ? 4096 : MAX_THREADS / 3));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        accessLog = new AtomicBoolean(config.log().access());
        server = Javalin.create(javalin -> {
            configure(javalin, config);
            Routes all = new Routes(javalin, registry, config.limits(), accessLog);
            FileRoutes.register(all, new Volumes(plane, stores));
            Keyspaces keyspaces = new Keyspaces(plane, keys);
            KvRoutes.register(all, keyspaces, watchers);
            FeedRoutes.register(all, keyspaces, watchers);
            VolumeRoutes.register(all, plane);
            NodeRoutes.register(all, plane);
            HealthRoutes.register(all, plane);
            ConfigRoutes.register(all, config, accessLog);
            ServerPages.register(all, registry);
            routes = all.registered();
        });
        metrics = config.metrics().port() < 0 ? null : metricsServer(config);
    }

    public void start() {
        server.start();
        webhooks.start();
        if (metrics != null) {
            metrics.start();
        }
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** All routes, for comparing them with the OpenAPI document. */
    public List<Routes.Route> routes() {
        return routes;
    }

    /** Takes no more requests, lets the running ones end for {@code server.shutdownSeconds}, then cuts them. */
    @Override
    public void close() {
        webhooks.close();
        watchers.stop();
        stop(server);
        if (metrics != null) {
            stop(metrics);
        }
        gc.close();
        registry.close();
    }

    private static void stop(Javalin javalin) {
        try {
            javalin.stop();
        } catch (JavalinException e) {
            // Jetty has stopped all the same: it tells that requests were still running when their time was over.
            LOG.warn(
                    "requests were still running at the end of the shutdown time and have been cut: {}",
                    e.getMessage());
        }
    }

    private static void configure(JavalinConfig javalin, ApiConfig config) {
        javalin.startup.showJavalinBanner = false;
        javalin.http.compressionStrategy = CompressionStrategy.NONE;
        javalin.http.prefer405over404 = true;
        javalin.http.generateEtags = false;
        javalin.router.ignoreTrailingSlashes = false;
        javalin.router.treatMultipleSlashesAsSingleSlash = false;
        if (VIRTUAL_THREADS) {
            javalin.concurrency.useVirtualThreads = true;
        } else {
            javalin.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, 8);
        }
        // Keys may hold what a server of pages would call ambiguous; they are decoded by EntryPath alone.
        javalin.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        javalin.jetty.modifyServer(jetty -> jetty.setStopTimeout(config.server().shutdownSeconds() * 1000L));
        javalin.jetty.addConnector((jetty, http) ->
                connector(jetty, config.server().host(), config.server().port(), config.limits()));
    }

    private static ServerConnector connector(Server jetty, String host, int port, ApiConfig.Limits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setOutputBufferSize(64 * 1024);
        HttpConnectionFactory factory = new HttpConnectionFactory(http);
        // Jetty's 8 KiB would take eight times as many system calls for long bodies. Idle connections hold none.
        factory.setInputBufferSize(64 * 1024);
        ServerConnector connector = new ServerConnector(jetty, factory);
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(limits.idleSeconds() * 1000L);
        connector.setAcceptQueueSize(1024);
        return connector;
    }

    private Javalin metricsServer(ApiConfig config) {
        return Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            javalin.jetty.threadPool = new QueuedThreadPool(8, 2);
            javalin.jetty.host = config.metrics().host();
            javalin.jetty.port = config.metrics().port();
            javalin.routes.get(
                    "/metrics",
                    context -> context.contentType("text/plain; version=0.0.4").result(registry.scrape()));
        });
    }
}
