package io.moorage.it;

import static org.awaitility.Awaitility.await;

import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.control.VolumeStatus;
import io.moorage.node.StorageNode;
import io.moorage.node.config.NodeConfigLoader;
import io.moorage.node.extent.Disk;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Role;
import io.moorage.testing.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Storage nodes with real Ratis groups in this JVM, on ports that were free. */
final class InProcessCluster implements AutoCloseable {
    private final Path directory;
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final Map<Integer, StorageNode> running = new HashMap<>();
    private final Map<Integer, Disk> disks = new ConcurrentHashMap<>();
    private final Map<Integer, Duration> clocksAhead = new ConcurrentHashMap<>();
    private final List<String> addresses = new ArrayList<>();
    private final MoorageClient client;
    private final List<GroupId> groups;
    private final Map<String, VolumeRef> volumes = new HashMap<>();

    InProcessCluster(Path directory, int nodes, Map<String, String> extra) throws Exception {
        this.directory = directory;
        for (int i = 0; i < nodes; i++) {
            int service = FreePorts.one();
            Map<String, String> environment = new HashMap<>(Map.of(
                    "MOORAGE_NODE_NAME",
                    "node-" + i,
                    "MOORAGE_STORAGE_DIRECTORY",
                    directory.resolve("node-" + i).toString(),
                    "MOORAGE_NETWORK_SERVICE_PORT",
                    "" + service,
                    "MOORAGE_NETWORK_RAFT_PORT",
                    "" + FreePorts.one(),
                    "MOORAGE_NETWORK_METRICS_PORT",
                    "0",
                    "MOORAGE_STORAGE_RESERVE_BYTES",
                    "16MiB"));
            environment.putAll(extra);
            environments.add(environment);
            addresses.add("127.0.0.1:" + service);
            start(i);
        }
        client = new MoorageClient(addresses, 32);
        groups = Groups.make(client);
    }

    void start(int node) throws Exception {
        running.put(
                node,
                StorageNode.start(
                        NodeConfigLoader.load(null, environments.get(node)),
                        () -> Instant.now().plus(clocksAhead.getOrDefault(node, Duration.ZERO)),
                        (file, channel) -> disks.getOrDefault(node, Disk.SYSTEM).sync(file, channel)));
    }

    void stop(int node) {
        running.remove(node).close();
    }

    /** Sets a variable of a node's environment; it holds from its next start on. */
    void configure(int node, String variable, String value) {
        environments.get(node).put(variable, value);
    }

    /** Sets the clock of a node, running or not: from now on it is this much ahead of the right time. */
    void setClock(int node, Duration ahead) {
        clocksAhead.put(node, ahead);
    }

    /** Gives a node, running or not, another disk for its extent files. */
    void setDisk(int node, Disk disk) {
        disks.put(node, disk);
    }

    /** The node that leads a group, once there is one that says so. */
    int leader(GroupId group) {
        return await().atMost(Duration.ofSeconds(30))
                .until(() -> leaderNow(group), Optional::isPresent)
                .orElseThrow();
    }

    private Optional<Integer> leaderNow(GroupId group) {
        return client.admin().describe(Duration.ofSeconds(2)).stream()
                .filter(view -> view.replicas().stream()
                        .anyMatch(replica ->
                                replica.getGroupId().equals(group.toBytes()) && replica.getRole() == Role.ROLE_LEADER))
                .map(view -> view.info().orElseThrow().getName())
                .map(name -> Integer.parseInt(name.substring("node-".length())))
                .findFirst();
    }

    /** What a node says of its replica of a group; empty: it does not answer, or has none. */
    Optional<ReplicaInfo> replica(int node, GroupId group) {
        return client.admin().describe(Duration.ofSeconds(2)).stream()
                .filter(view -> view.info()
                        .map(info -> info.getName().equals("node-" + node))
                        .orElse(false))
                .flatMap(view -> view.replicas().stream())
                .filter(replica -> replica.getGroupId().equals(group.toBytes()))
                .findFirst();
    }

    /** Waits until every replica is healthy and has every extent, and the state of the leader. */
    void awaitReady(String volume) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> status(volume).phase() == VolumeStatus.Phase.READY
                        && client.admin().describe(Duration.ofSeconds(2)).stream()
                                .flatMap(view -> view.replicas().stream())
                                .allMatch(replica -> replica.getMissingExtents() == 0));
    }

    StorageNode node(int node) {
        return running.get(node);
    }

    Path directory(int node) {
        return directory.resolve("node-" + node);
    }

    /** Of a node's replica of a group. */
    Path directory(int node, GroupId group) {
        return directory(node).resolve("groups").resolve(group.toString());
    }

    /** host:port of every node's services. */
    List<String> serviceAddresses() {
        return addresses;
    }

    MoorageClient client() {
        return client;
    }

    /** Of one that there is. */
    VolumeStatus status(String volume) {
        return Groups.volume(client, volume).orElseThrow();
    }

    /** Makes it, unless it is there, in the groups by turns. */
    VolumeStore volume(String name) {
        return client.store(volumes.computeIfAbsent(name, made -> {
            GroupId group = groups.get(volumes.size() % groups.size());
            Consistency quorum = Consistency.CONSISTENCY_QUORUM;
            return new VolumeRef(
                    made,
                    group,
                    Groups.createVolume(client, group, made, quorum).getId(),
                    quorum);
        }));
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
}
