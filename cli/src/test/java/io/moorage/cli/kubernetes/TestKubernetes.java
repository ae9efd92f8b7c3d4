package io.moorage.cli.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.moorage.cli.kubernetes.control.Seeds;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.Validation;
import io.moorage.cli.kubernetes.server.KubernetesServer;
import io.moorage.cli.kubernetes.server.Resources;
import io.moorage.cli.kubernetes.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** The API without controllers, and a client of it. */
final class TestKubernetes implements AutoCloseable {
    private static final YAMLMapper YAML = new YAMLMapper();

    final Store store;
    final Resources resources;
    final KubernetesServer server;
    final KubernetesClient client;

    TestKubernetes(Path directory) throws IOException {
        Catalog catalog = Catalog.load();
        store = Store.open(directory.resolve("objects.log"));
        resources = new Resources(store, catalog, new Validation(catalog), InstantSource.system());
        new Seeds(resources).sow();
        server = KubernetesServer.start(resources, 0, InstantSource.system());
        client = client(server.url());
    }

    static KubernetesClient client(String url) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(url)
                .withNamespace("default")
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) YAML.readTree(text);
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        store.close();
    }
}
