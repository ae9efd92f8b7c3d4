package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.config.ApiConfigLoader;

/**
 * The way to the Kubernetes API.
 *
 * @param client with short deadlines and few retries, because a request waits for it
 */
public record KubernetesConnection(KubernetesClient client, String namespace, String cluster) {
    private static final int REQUEST_TIMEOUT_MS = 3000;
    private static final int CONNECTION_TIMEOUT_MS = 2000;
    private static final int RETRIES = 1;

    /** @throws ApiConfigLoader.ConfigException if the namespace is neither given nor known */
    public static KubernetesConnection open(ApiConfig.Kubernetes config) throws ApiConfigLoader.ConfigException {
        // A server that is named gets no credentials: those of the kubeconfig file belong to another one.
        Config settings = config.server() == null
                ? Config.autoConfigure(null)
                : new ConfigBuilder(Config.empty())
                        .withMasterUrl(config.server())
                        .build();
        settings.setRequestTimeout(REQUEST_TIMEOUT_MS);
        settings.setConnectionTimeout(CONNECTION_TIMEOUT_MS);
        settings.setRequestRetryBackoffLimit(RETRIES);
        String namespace = config.namespace() == null ? settings.getNamespace() : config.namespace();
        if (namespace == null || namespace.isBlank()) {
            throw new ApiConfigLoader.ConfigException(
                    "kubernetes.namespace is missing, and neither a service account nor a"
                            + " kubeconfig file says which it is: set it, or MOORAGE_KUBERNETES_NAMESPACE");
        }
        return new KubernetesConnection(
                new KubernetesClientBuilder().withConfig(settings).build(), namespace, config.cluster());
    }
}
