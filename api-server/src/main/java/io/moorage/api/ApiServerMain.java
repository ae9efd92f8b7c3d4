package io.moorage.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.javalin.util.JavalinBindException;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.config.ApiConfigLoader;
import io.moorage.api.kubernetes.KubernetesConnection;
import io.moorage.api.kubernetes.KubernetesControlPlane;
import io.moorage.api.kubernetes.KubernetesUsers;
import io.moorage.client.MoorageClient;
import io.netty.util.ResourceLeakDetector;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * The program of an API server. One argument: the path of its YAML configuration; none: the environment only.
 *
 * <p>Exit codes: 0 stopped when asked to; 64 wrong arguments or configuration; 69 a port is taken; 70 anything else.
 */
public final class ApiServerMain {
    private static final int EXIT_USAGE = 64;
    private static final int EXIT_PORT = 69;
    private static final int EXIT_SOFTWARE = 70;
    /** Held, because the JDK forgets the levels of loggers that nobody holds. It prints a trace for each name without address. */
    private static final java.util.logging.Logger GRPC_LOG = java.util.logging.Logger.getLogger("io.grpc");

    private ApiServerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length > 1) {
            System.err.println("usage: api-server [CONFIG.yaml]");
            System.exit(EXIT_USAGE);
        }
        try {
            ApiConfig config =
                    ApiConfigLoader.load(arguments.length == 0 ? null : Path.of(arguments[0]), System.getenv());
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                    .setLevel(Level.toLevel(config.log().level()));
            // They print a trace at every attempt to reach Kubernetes; that it is away is said in one line elsewhere.
            quiet("io.fabric8.kubernetes.client.informers.impl.cache.Reflector");
            quiet("io.fabric8.kubernetes.client.dsl.internal.AbstractWatchManager");
            GRPC_LOG.setLevel(java.util.logging.Level.SEVERE);
            // One buffer in a hundred with a stack trace from every hand it went through: for tests, which keep it.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
            org.slf4j.Logger log = LoggerFactory.getLogger(ApiServerMain.class);
            log.info("Moorage API server {}, Java {}: {}", ServerPages.VERSION, Runtime.version(), config);
            KubernetesConnection kubernetes = KubernetesConnection.open(config.kubernetes());
            MoorageClient client = new MoorageClient(
                    KubernetesControlPlane.seeds(kubernetes), config.limits().concurrentUploads());
            KubernetesControlPlane plane = new KubernetesControlPlane(kubernetes, client);
            plane.start();
            KubernetesUsers users = new KubernetesUsers(kubernetes);
            users.start();
            ApiServer server = new ApiServer(config, plane, client::store, client::kv, users);
            server.start();
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                log.info("API server stops");
                                server.close();
                                users.close();
                                plane.close();
                                client.close();
                                stopped.countDown();
                            },
                            "stop"));
            log.info("API server listens on port {}", server.port());
            stopped.await();
        } catch (ApiConfigLoader.ConfigException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
        } catch (JavalinBindException e) {
            System.err.println("the API server cannot start: " + e.getMessage());
            System.exit(EXIT_PORT);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(ApiServerMain.class).error("the API server cannot start", e);
            System.exit(EXIT_SOFTWARE);
        }
    }

    private static void quiet(String logger) {
        ((Logger) LoggerFactory.getLogger(logger)).setLevel(Level.OFF);
    }
}
