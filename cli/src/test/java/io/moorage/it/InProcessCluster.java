package io.moorage.it;

import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.ClusterBootstrap;
import io.moorage.client.control.DirectControlPlane;
import io.moorage.client.control.VolumeRequest;
import io.moorage.node.StorageNode;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
import io.moorage.protocol.v1.Consistency;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Storage nodes with real Ratis groups in this JVM, on ports that were free. */
final class InProcessCluster implements AutoCloseable {
    private final Path directory;
    private final List<NodeConfig> configs = new ArrayList<>();
    private final Map<Integer, StorageNode> running = new HashMap<>();
    private final MoorageClient client;
    private final DirectControlPlane plane;

    InProcessCluster(Path directory, int nodes, Map<String, String> extra) throws Exception {
        this.directory = directory;
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            int service = freePort();
            Map<String, String> environment = new HashMap<>(Map.of(
                    "MOORAGE_NODE_NAME",
                    "node-" + i,
                    "MOORAGE_STORAGE_DIRECTORY",
                    directory.resolve("node-" + i).toString(),
                    "MOORAGE_NETWORK_SERVICE_PORT",
                    "" + service,
                    "MOORAGE_NETWORK_RAFT_PORT",
                    "" + freePort(),
                    "MOORAGE_NETWORK_METRICS_PORT",
                    "0",
                    "MOORAGE_STORAGE_RESERVE_BYTES",
                    "16MiB"));
            environment.putAll(extra);
            configs.add(NodeConfigLoader.load(null, environment));
            addresses.add("127.0.0.1:" + service);
            start(i);
        }
        client = new MoorageClient(addresses, 32);
        new ClusterBootstrap(client).run(UUID.randomUUID(), Duration.ofSeconds(30));
        plane = new DirectControlPlane(client);
    }

    void start(int node) throws Exception {
        running.put(node, StorageNode.start(configs.get(node)));
    }

    void stop(int node) {
        running.remove(node).close();
    }

    StorageNode node(int node) {
        return running.get(node);
    }

    Path directory(int node) {
        return directory.resolve("node-" + node);
    }

    MoorageClient client() {
        return client;
    }

    DirectControlPlane plane() {
        return plane;
    }

    VolumeStore volume(String name) {
        plane.createVolume(new VolumeRequest(name, 0, 0, 0, Consistency.CONSISTENCY_UNSPECIFIED, Map.of()));
        return client.store(plane.resolve(name).orElseThrow());
    }

    @Override
    public void close() {
        client.close();
        running.values().forEach(StorageNode::close);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
