package io.moorage.api;

import io.javalin.Javalin;
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
import io.moorage.api.groups.GroupRoutes;
import io.moorage.api.health.HealthRoutes;
import io.moorage.api.http.Listener;
import io.moorage.api.http.Routes;
import io.moorage.api.kv.Keyspaces;
import io.moorage.api.kv.KvRoutes;
import io.moorage.api.kv.Watchers;
import io.moorage.api.nodes.NodeRoutes;
import io.moorage.api.s3.S3Server;
import io.moorage.api.users.SystemUsers;
import io.moorage.api.users.UserRoutes;
import io.moorage.api.users.Users;
import io.moorage.api.volumes.VolumeRoutes;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.kv.Kv;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server: routes, limits, metrics. */
public final class ApiServer implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final Javalin server;
    private final S3Server s3;
    private final Javalin metrics;
    private final AtomicBoolean accessLog;
    private final Watchers watchers;
    private final WebhookDelivery webhooks;
    private List<Routes.Route> routes;

    /** With users in the `system` volume. */
    public ApiServer(
            ApiConfig config,
            ControlPlane plane,
            Function<VolumeRef, VolumeStore> stores,
            Function<VolumeRef, Kv> keys) {
        this(config, plane, stores, keys, new SystemUsers(() -> new Volumes(plane, stores).system()));
    }

    /**
     * @param stores what a resolved volume's entries are reached by
     * @param keys what they are reached by as keys and values
     * @param users who has access keys
     */
    public ApiServer(
            ApiConfig config,
            ControlPlane plane,
            Function<VolumeRef, VolumeStore> stores,
            Function<VolumeRef, Kv> keys,
            Users users) {
        webhooks = new WebhookDelivery(plane, keys, config.webhooks().allow());
        watchers = new Watchers(Math.min(config.limits().concurrentRequests() / 2, Listener.MAX_WAITING));
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        gc.bindTo(registry);
        accessLog = new AtomicBoolean(config.log().access());
        s3 = new S3Server(config, plane, new Volumes(plane, stores), users, registry, accessLog);
        server = Listener.create(config, config.server().host(), config.server().port(), javalin -> {
            Routes all = new Routes(javalin, registry, config.limits(), accessLog);
            FileRoutes.register(all, new Volumes(plane, stores));
            Keyspaces keyspaces = new Keyspaces(plane, keys);
            KvRoutes.register(all, keyspaces, watchers);
            FeedRoutes.register(all, keyspaces, watchers, config.webhooks().allow());
            VolumeRoutes.register(all, plane);
            NodeRoutes.register(all, plane);
            GroupRoutes.register(all, plane);
            HealthRoutes.register(all, plane);
            ConfigRoutes.register(all, config, accessLog);
            UserRoutes.register(all, users);
            ServerPages.register(all, registry);
            s3.mount(javalin);
            routes = all.registered();
        });
        metrics = config.metrics().port() < 0 ? null : metricsServer(config);
    }

    public void start() {
        server.start();
        s3.start();
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
        s3.close();
        Listener.stop(server);
        if (metrics != null) {
            Listener.stop(metrics);
        }
        gc.close();
        registry.close();
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
