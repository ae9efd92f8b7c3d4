package io.moorage.operator.install;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the definitions of the custom resources to this version, because Helm installs them once and never changes them. Exits
 * with 0 when all are served, with 1 otherwise; doing it again does no harm.
 */
public final class ApplyDefinitionsMain {
    private static final Logger LOG = LoggerFactory.getLogger(ApplyDefinitionsMain.class);
    private static final Duration WAIT = Duration.ofSeconds(60);

    private ApplyDefinitionsMain() {}

    public static void main(String[] args) {
        int code;
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            code = run(client, WAIT);
        }
        System.exit(code);
    }

    static int run(KubernetesClient client, Duration wait) {
        for (CustomResourceDefinition definition : Definitions.all()) {
            String name = definition.getMetadata().getName();
            try {
                Definitions.apply(client, definition, wait);
                LOG.info("{} is up to date", name);
            } catch (KubernetesClientException e) {
                LOG.error("{} cannot be brought up to date: {}", name, e.getMessage());
                return 1;
            }
        }
        return 0;
    }
}
