package io.moorage.it;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A Kubernetes API in memory that can be stopped and started again on its port, with what it holds. It knows neither schemas
 * nor roles: what Kubernetes would refuse is scripted.
 */
final class FakeKubernetes implements AutoCloseable {
    private final Map<ServerRequest, Queue<ServerResponse>> script = new ConcurrentHashMap<>();
    private final KubernetesMixedDispatcher state = new KubernetesMixedDispatcher(script);
    private final int port = FreePorts.one();
    private KubernetesMockServer server;

    FakeKubernetes() throws IOException {
        start();
        try (KubernetesClient client = client()) {
            for (String plural : new String[] {"storageclusters", "volumes", "storageusers"}) {
                try (InputStream yaml =
                        Moorage.class.getResourceAsStream(Moorage.DEFINITIONS + plural + ".moorage.io.yaml")) {
                    client.load(yaml)
                            .items()
                            .forEach(item -> client.resource(item).create());
                }
            }
        }
    }

    void start() throws IOException {
        server = new KubernetesMockServer(
                new Context(Serialization.jsonMapper()), new MockWebServer(), script, state, false);
        server.init(InetAddress.getLoopbackAddress(), port);
    }

    void stop() {
        server.destroy();
    }

    KubernetesMockServer server() {
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** A client of its own, which the caller closes. */
    KubernetesClient client() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url())
                .withRequestRetryBackoffLimit(1)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    @Override
    public void close() {
        stop();
    }
}
