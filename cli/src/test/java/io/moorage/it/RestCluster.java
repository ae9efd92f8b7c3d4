package io.moorage.it;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moorage.api.ApiServer;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.kubernetes.KubernetesConnection;
import io.moorage.api.kubernetes.KubernetesControlPlane;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An API server in front of real storage nodes, a Kubernetes API in memory, and one that plays the operator. */
final class RestCluster implements AutoCloseable {
    static final String NAMESPACE = "storage";
    static final ApiConfig.Limits LIMITS = new ApiConfig.Limits(64, 16, 1024, 30);

    final InProcessCluster nodes;
    final FakeKubernetes kubernetes;
    final KubernetesClient admin;
    final FakeOperator operator;
    final MoorageClient client;
    final KubernetesControlPlane plane;
    final ApiServer server;

    RestCluster(Path directory, ApiConfig.Limits limits) throws Exception {
        nodes = new InProcessCluster(directory, 3, Map.of());
        kubernetes = new FakeKubernetes();
        admin = kubernetes.client();
        List<String> addresses = nodes.client().admin().addresses();
        admin.resource(storageCluster(addresses.size())).create();
        admin.resource(storageCluster(addresses.size())).updateStatus();
        for (int i = 0; i < addresses.size(); i++) {
            admin.resource(new PodBuilder()
                            .withNewMetadata()
                            .withName("node-" + i)
                            .withNamespace(NAMESPACE)
                            .addToLabels("moorage.io/cluster", "local")
                            .addToLabels("app.kubernetes.io/component", "storage-node")
                            .addToAnnotations("moorage.io/service-address", addresses.get(i))
                            .endMetadata()
                            .build())
                    .create();
        }
        GroupId group = nodes.client().admin().describe(Duration.ofSeconds(2)).stream()
                .flatMap(node -> node.replicas().stream())
                .filter(replica -> !replica.getSystem())
                .map(ReplicaInfo::getGroupId)
                .map(GroupId::of)
                .findFirst()
                .orElseThrow();
        operator = new FakeOperator(kubernetes.client(), nodes.client(), group);
        KubernetesConnection connection = connection(kubernetes);
        client = new MoorageClient(KubernetesControlPlane.seeds(connection), 8);
        plane = new KubernetesControlPlane(connection, client);
        plane.start();
        server = server(kubernetes, plane, client, limits);
    }

    private static StorageCluster storageCluster(int nodes) {
        StorageCluster resource = new StorageCluster();
        resource.setMetadata(new ObjectMetaBuilder()
                .withName("local")
                .withNamespace(NAMESPACE)
                .build());
        resource.setSpec(StorageClusterSpecBuilder.builder().nodes(nodes).build());
        resource.setStatus(StorageClusterStatusBuilder.builder()
                .nodes(IntStream.range(0, nodes)
                        .mapToObj(i ->
                                NodeStatusBuilder.builder().name("node-" + i).build())
                        .toList())
                .build());
        return resource;
    }

    static KubernetesConnection connection(FakeKubernetes kubernetes) throws Exception {
        return KubernetesConnection.open(new ApiConfig.Kubernetes("local", NAMESPACE, kubernetes.url()));
    }

    static ApiServer server(
            FakeKubernetes kubernetes, KubernetesControlPlane plane, MoorageClient client, ApiConfig.Limits limits)
            throws IOException {
        int port = FreePorts.one();
        ApiServer server = new ApiServer(
                new ApiConfig(
                        new ApiConfig.Server("127.0.0.1", port, 1),
                        new ApiConfig.Metrics("127.0.0.1", -1),
                        new ApiConfig.Kubernetes("local", NAMESPACE, kubernetes.url()),
                        limits,
                        null,
                        ApiConfig.S3.WITHOUT_PORT,
                        new ApiConfig.Webhooks(List.of("127.0.0.0/8"))),
                plane,
                client::store,
                client::kv);
        server.start();
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.close();
        plane.close();
        client.close();
        operator.close();
        admin.close();
        kubernetes.close();
        nodes.close();
    }
}
