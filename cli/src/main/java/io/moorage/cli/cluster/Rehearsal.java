package io.moorage.cli.cluster;

import io.moorage.api.ApiServer;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.config.ApiConfigLoader;
import io.moorage.api.kubernetes.KubernetesConnection;
import io.moorage.api.kubernetes.KubernetesControlPlane;
import io.moorage.cli.kubernetes.Supervisor;
import io.moorage.cli.kubernetes.control.PortPlan;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.client.MoorageClient;
import io.moorage.node.StorageNode;
import io.moorage.node.config.ConfigException;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * All programs of a local cluster, in this process and for a few seconds: they load the classes that they begin with. What the
 * operator asks for is made, but the pods are on hold, and a storage node that was started here answers for one of them.
 */
public final class Rehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String HOST = "127.0.0.1";

    private Rehearsal() {}

    /** Leaves nothing behind. */
    public static void run() throws Exception {
        Path directory = Files.createTempDirectory("moorage");
        LocalCluster cluster = LocalCluster.create(directory, 1, 0, freePort(), 128);
        cluster.hold(cluster.nodes().get(0));
        cluster.hold(cluster.api());
        PortPlan ports = cluster.file().ports();
        try (Supervisor supervisor = Supervisor.start(directory, ports, () -> 128);
                LocalOperator operator = LocalOperator.start(supervisor.url());
                StorageNode node = StorageNode.start(node(ports, directory))) {
            new LocalKubernetes(cluster).create(1);
            serve(supervisor.url(), ports);
        } finally {
            cluster.delete();
        }
    }

    private static NodeConfig node(PortPlan ports, Path directory) throws ConfigException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "MOORAGE_NODE_NAME",
                LocalCluster.NAME + "-node-0",
                "MOORAGE_STORAGE_DIRECTORY",
                directory.resolve("data").toString(),
                "MOORAGE_NETWORK_HOST",
                HOST,
                "MOORAGE_NETWORK_BIND",
                HOST,
                "MOORAGE_NETWORK_METRICS_PORT",
                "0"));
        settings.put("MOORAGE_NETWORK_SERVICE_PORT", Integer.toString(ports.services(0)));
        settings.put("MOORAGE_NETWORK_RAFT_PORT", Integer.toString(ports.raft(0)));
        return NodeConfigLoader.load(null, settings);
    }

    /** Until there is a group with a leader. */
    private static void serve(String kubernetes, PortPlan ports)
            throws ApiConfigLoader.ConfigException, InterruptedException {
        ApiConfig config = ApiConfigLoader.load(
                null,
                Map.of(
                        "MOORAGE_SERVER_HOST",
                        HOST,
                        "MOORAGE_SERVER_PORT",
                        Integer.toString(ports.api(0)),
                        "MOORAGE_METRICS_PORT",
                        "-1",
                        "MOORAGE_S3_PORT",
                        "-1",
                        "MOORAGE_KUBERNETES_CLUSTER",
                        LocalCluster.NAME,
                        "MOORAGE_KUBERNETES_NAMESPACE",
                        "default",
                        "MOORAGE_KUBERNETES_SERVER",
                        kubernetes));
        KubernetesConnection connection = KubernetesConnection.open(config.kubernetes());
        try (MoorageClient client = new MoorageClient(KubernetesControlPlane.seeds(connection), 1);
                KubernetesControlPlane plane = new KubernetesControlPlane(connection, client);
                ApiServer server = new ApiServer(config, plane, client::store, client::kv)) {
            plane.start();
            server.start();
            ApiClient api = new ApiClient("http://" + HOST + ":" + server.port(), PATIENCE, "");
            api.send(ApiRequest.of("GET", "/storage/health/ready"));
            api.send(ApiRequest.of("GET", "/storage/health"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Math.min(socket.getLocalPort(), 60_000);
        }
    }
}
