package io.moorage.api.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import io.moorage.api.config.ApiConfig;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and stops the servers of ports on which user data travels: paths arrive as they were sent, and nothing is recoded. */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_THREADS = 400;
    /** Before JEP 491 a virtual thread that waits in a monitor keeps its carrier. */
    private static final int FIRST_JDK_WHERE_VIRTUAL_THREADS_WAIT_FREELY = 24;

    private static final boolean VIRTUAL_THREADS =
            Runtime.version().feature() >= FIRST_JDK_WHERE_VIRTUAL_THREADS_WAIT_FREELY;

    private Listener() {}

    /** Requests that may wait at once for something to happen, without keeping others from a thread. */
    public static int maxWaiting() {
        return VIRTUAL_THREADS ? 4096 : MAX_THREADS / 3;
    }

    /** One that is not started yet. @param routes registers what is served */
    public static Javalin create(ApiConfig config, String host, int port, Consumer<JavalinConfig> routes) {
        return Javalin.create(javalin -> {
            configure(javalin, config);
            javalin.jetty.addConnector((jetty, http) -> connector(jetty, host, port, config.limits()));
            routes.accept(javalin);
        });
    }

    /** Takes no more requests, lets the running ones end for {@code server.shutdownSeconds}, then cuts them. */
    public static void stop(Javalin javalin) {
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
        // Keys may hold what a server of pages would call ambiguous; their handlers decode them.
        javalin.jetty.modifyServletContextHandler(
                handler -> handler.getServletHandler().setDecodeAmbiguousURIs(true));
        javalin.jetty.modifyServer(jetty -> jetty.setStopTimeout(config.server().shutdownSeconds() * 1000L));
    }

    private static ServerConnector connector(Server jetty, String host, int port, ApiConfig.Limits limits) {
        HttpConfiguration http = new HttpConfiguration();
        http.setUriCompliance(UriCompliance.UNSAFE);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setOutputBufferSize(64 * 1024);
        // Otherwise a Content-Type arrives in another spelling than the one that a client of S3 has signed.
        http.setHeaderCacheCaseSensitive(true);
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
}
