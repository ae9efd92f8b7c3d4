package io.moorage.cli.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.moorage.cli.ProgramVersion;
import io.moorage.operator.MoorageOperator;
import io.moorage.operator.config.OperatorConfig;
import java.util.Optional;
import java.util.Set;

/** The operator, as it runs everywhere, on the Kubernetes of this machine. It is the only one, and needs no lease. */
public final class LocalOperator implements AutoCloseable {
    /** Not listened on: nobody asks an operator for its health that ends with this program. */
    private static final int NO_PORT = 1;

    private final KubernetesClient kubernetes;
    private final MoorageOperator operator;

    private LocalOperator(String url) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withNamespace("default")
                .withOnlyHttpWatches(true)
                .build();
        kubernetes = new KubernetesClientBuilder().withConfig(config).build();
        operator = new MoorageOperator(
                kubernetes,
                new OperatorConfig(
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        "moorage:" + ProgramVersion.number(),
                        false,
                        NO_PORT,
                        NO_PORT),
                new SimpleMeterRegistry(),
                true);
    }

    /** Returns when it is at work. @param url of Kubernetes' API */
    public static LocalOperator start(String url) {
        LocalOperator local = new LocalOperator(url);
        local.operator.start();
        return local;
    }

    @Override
    public void close() {
        operator.close();
        kubernetes.close();
    }
}
