package io.moorage.operator.testing;

import io.moorage.client.MoorageClient;
import io.moorage.client.control.ClusterBootstrap;
import io.moorage.node.StorageNode;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
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
public final class StorageNodes implements AutoCloseable {
    private final List<NodeConfig> configs = new ArrayList<>();
    private final Map<Integer, StorageNode> running = new HashMap<>();
    private final List<String> addresses = new ArrayList<>();
    private final MoorageClient client;

    /** Started, with as many groups as there are nodes, of three replicas each. */
    public StorageNodes(Path directory, String cluster, int nodes) throws Exception {
        this(directory, cluster, nodes, true);
    }

    /** Started, and without groups. */
    public static StorageNodes empty(Path directory, String cluster, int nodes) throws Exception {
        return new StorageNodes(directory, cluster, nodes, false);
    }

    private StorageNodes(Path directory, String cluster, int nodes, boolean groups) throws Exception {
        for (int i = 0; i < nodes; i++) {
            int service = freePort();
            String name = cluster + "-node-" + i;
            configs.add(NodeConfigLoader.load(
                    null,
                    Map.of(
                            "MOORAGE_NODE_NAME",
                            name,
                            "MOORAGE_STORAGE_DIRECTORY",
                            directory.resolve(name).toString(),
                            "MOORAGE_NETWORK_SERVICE_PORT",
                            "" + service,
                            "MOORAGE_NETWORK_RAFT_PORT",
                            "" + freePort(),
                            "MOORAGE_NETWORK_METRICS_PORT",
                            "0",
                            "MOORAGE_STORAGE_RESERVE_BYTES",
                            "16MiB")));
            addresses.add("127.0.0.1:" + service);
            start(i);
        }
        client = new MoorageClient(addresses, 4);
        if (groups) {
            new ClusterBootstrap(client).run(UUID.randomUUID(), Duration.ofSeconds(30));
        }
    }

    public void start(int node) throws Exception {
        running.put(node, StorageNode.start(configs.get(node)));
    }

    public void stop(int node) {
        running.remove(node).close();
    }

    public MoorageClient client() {
        return client;
    }

    public List<String> addresses() {
        return List.copyOf(addresses);
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
