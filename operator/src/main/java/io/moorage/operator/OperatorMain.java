package io.moorage.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.moorage.operator.config.OperatorConfig;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * The program of the operator, configured by its environment: see {@link OperatorConfig}.
 *
 * <p>Exit codes: 0 stopped when asked to; 64 wrong configuration; 70 anything else, losing leadership included.
 */
public final class OperatorMain {
    private static final int EXIT_USAGE = 64;
    private static final int EXIT_SOFTWARE = 70;

    private OperatorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        OperatorConfig config;
        try {
            config = OperatorConfig.of(System.getenv());
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_USAGE);
            return;
        }
        // Other programs of the same image have a logback.xml of their own.
        System.setProperty(
                "logback.configurationFile", config.jsonLog() ? "logback-operator-json.xml" : "logback-operator.xml");
        run(config);
    }

    private static void run(OperatorConfig config) throws InterruptedException {
        Logger log = LoggerFactory.getLogger(OperatorMain.class);
        // gRPC logs by java.util.logging.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        CountDownLatch stopped = new CountDownLatch(1);
        try (JvmGcMetrics gc = new JvmGcMetrics()) {
            gc.bindTo(registry);
            KubernetesClient kubernetes = new KubernetesClientBuilder().build();
            log.info("Moorage operator, Java {}: {}", Runtime.version(), config);
            MoorageOperator operator = new MoorageOperator(kubernetes, config, registry, true);
            OperatorPages pages =
                    new OperatorPages(config.healthPort(), config.metricsPort(), registry, operator::isHealthy);
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                log.info("operator stops");
                                pages.close();
                                operator.close();
                                kubernetes.close();
                                stopped.countDown();
                            },
                            "stop"));
            pages.start();
            operator.start();
            stopped.await();
        } catch (IOException | RuntimeException e) {
            log.error("the operator cannot run", e);
            System.exit(EXIT_SOFTWARE);
        }
    }
}
