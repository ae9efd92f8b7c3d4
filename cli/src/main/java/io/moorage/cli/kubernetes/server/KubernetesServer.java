package io.moorage.cli.kubernetes.server;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves {@link Resources} on 127.0.0.1, without passwords. */
public final class KubernetesServer implements AutoCloseable {
    private static final int MOST_THREADS = 32;
    private static final long IDLE_MILLIS = 3_600_000;
    private static final long STOP_MILLIS = 2_000;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "kubernetes watches");
        thread.setDaemon(true);
        return thread;
    });
    private final Watches watches;
    private final Server server;
    private final ServerConnector connector;

    private KubernetesServer(Resources resources, int port, InstantSource clock) {
        timer.setRemoveOnCancelPolicy(true);
        watches = new Watches(resources.store(), timer);
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, 2);
        threads.setName("kubernetes");
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setStopTimeout(STOP_MILLIS);
        server.setHandler(new HttpApi(resources, watches, clock));
    }

    /** @param port 0 = any. @throws IOException if the port is taken */
    public static KubernetesServer start(Resources resources, int port, InstantSource clock) throws IOException {
        KubernetesServer server = new KubernetesServer(resources, port, clock);
        try {
            server.server.start();
            return server;
        } catch (Exception e) {
            server.close();
            throw e instanceof IOException io
                    ? io
                    : new IOException("cannot serve Kubernetes' API: " + e.getMessage(), e);
        }
    }

    public int port() {
        return connector.getLocalPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    @Override
    public void close() {
        watches.end();
        try {
            server.stop();
        } catch (Exception e) {
            // Stopped all the same; what was cut was told to stop before.
            org.slf4j.LoggerFactory.getLogger(KubernetesServer.class).warn("stopping: {}", e.getMessage());
        }
        timer.shutdownNow();
    }
}
