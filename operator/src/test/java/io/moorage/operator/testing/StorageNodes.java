package io.moorage.operator.testing;

import static org.awaitility.Awaitility.await;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.node.StorageNode;
import io.moorage.node.config.NodeConfig;
import io.moorage.node.config.NodeConfigLoader;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.NodeInfo;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Storage nodes with real Ratis groups in this JVM, on ports that were free. */
public final class StorageNodes implements AutoCloseable {
    private static final int REPLICAS = 3;

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
            makeGroups();
        }
    }

    private void makeGroups() {
        List<NodeView> nodes = await().until(
                        () -> client.admin().describe(Duration.ofSeconds(2)),
                        views -> views.stream().allMatch(NodeView::reachable));
        for (int first = 0; first < nodes.size(); first++) {
            List<Member> members = new ArrayList<>();
            for (int i = 0; i < Math.min(REPLICAS, nodes.size()); i++) {
                NodeInfo info = nodes.get((first + i) % nodes.size()).info().orElseThrow();
                members.add(Members.on(info, i == 0 ? 1 : 0));
            }
            GroupId group = new GroupId(UUID.randomUUID());
            members.forEach(member -> client.admin().createGroup(member.getServiceAddress(), group, members));
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

    /** All nodes at once: Ratis waits for up to a second until its log's thread looks whether it is to end. */
    @Override
    public void close() {
        client.close();
        CompletableFuture.allOf(running.values().stream()
                        .map(node -> CompletableFuture.runAsync(node::close, task -> new Thread(task, "stop").start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** Below those that connections get by themselves, as one of these could take it before the node does. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(11_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                continue;
            }
        }
    }
}
