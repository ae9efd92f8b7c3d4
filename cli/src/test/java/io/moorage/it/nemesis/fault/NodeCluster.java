package io.moorage.it.nemesis.fault;

import static org.awaitility.Awaitility.await;

import io.grpc.NameResolverRegistry;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.it.nemesis.history.FaultLog;
import io.moorage.protocol.v1.Command;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.CreateVolume;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.ReplicaState;
import io.moorage.protocol.v1.Role;
import io.moorage.protocol.v1.Volume;
import io.moorage.protocol.v1.VolumeSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Storage nodes as processes behind a {@link Network}, with one group of three of them that holds one volume, and somebody who looks
 * after its members. For one thread; its clients are thread-safe.
 */
public final class NodeCluster implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int MEMBERS = 3;
    private static final long LAG = 300;

    private final FaultLog log;
    private final Network network;
    private final NodeNames names;
    private final List<NodeHandle> nodes = new ArrayList<>();
    private final List<MoorageClient> clients = new ArrayList<>();
    private final MoorageClient admin;
    private final Healer healer;
    private final GroupId group = new GroupId(UUID.randomUUID());
    private final VolumeRef volume;
    private final Thread reaper;

    /**
     * @param count 3, or more, so that members can move
     * @param clientCount clients that each find their own way
     * @param settings of a node, as variables
     */
    public NodeCluster(Path work, int count, int clientCount, IntFunction<Map<String, String>> settings, FaultLog log)
            throws IOException {
        this.log = log;
        this.network = new Network(count);
        this.names = new NodeNames(network);
        NameResolverRegistry.getDefaultRegistry().register(names);
        this.reaper = new Thread(this::end);
        Runtime.getRuntime().addShutdownHook(reaper);
        for (int i = 0; i < count; i++) {
            nodes.add(new NodeHandle(i, work, network, settings.apply(i)));
            nodes.get(i).start();
        }
        List<String> addresses =
                IntStream.range(0, count).mapToObj(this::address).toList();
        for (int i = 0; i < clientCount; i++) {
            clients.add(new MoorageClient(addresses, 8));
        }
        this.admin = new MoorageClient(addresses, 1);
        this.healer = new Healer(admin, log);
        try {
            this.volume = makeVolume();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private String address(int node) {
        return Network.name(node) + ":" + network.servicePort(node);
    }

    private VolumeRef makeVolume() {
        List<NodeView> views = await().atMost(PATIENCE)
                .until(
                        () -> admin.admin().describe(TIMEOUT),
                        all -> all.stream().allMatch(NodeView::reachable));
        List<Member> members = new ArrayList<>();
        for (NodeView view : views.subList(0, MEMBERS)) {
            members.add(Members.on(view.info().orElseThrow(), 0));
        }
        views.subList(0, MEMBERS).forEach(view -> admin.admin().createGroup(view.address(), group, members));
        Consistency quorum = Consistency.CONSISTENCY_QUORUM;
        Volume made = admin.submit(
                        group,
                        Command.newBuilder()
                                .setCreateVolume(CreateVolume.newBuilder()
                                        .setSpec(VolumeSpec.newBuilder()
                                                .setName("nemesis")
                                                .setConsistency(quorum)))
                                .build(),
                        CallOptions.DEFAULT.withDeadline(Duration.ofSeconds(60)))
                .getVolume();
        return new VolumeRef("nemesis", group, made.getId(), quorum);
    }

    public Network network() {
        return network;
    }

    public List<NodeHandle> nodes() {
        return nodes;
    }

    public List<MoorageClient> clients() {
        return clients;
    }

    public VolumeRef volume() {
        return volume;
    }

    /** One more client, who knows only this node to begin with. */
    public MoorageClient clientOf(NodeHandle node) {
        return new MoorageClient(List.of(address(node.number())), 1);
    }

    /** No other node reaches it, and it reaches none; clients do. {@link Network#heal} ends it. */
    public void partFromPeers(NodeHandle node) {
        for (int other = 0; other < network.clients(); other++) {
            network.block(node.number(), other);
            network.block(other, node.number());
        }
    }

    /** What a node says of its replica; empty: it does not answer, or has none. */
    public Optional<ReplicaInfo> replica(NodeHandle node) {
        return replicas(admin.admin().describe(TIMEOUT).get(node.number())).stream()
                .findFirst();
    }

    public FaultLog log() {
        return log;
    }

    Healer healer() {
        return healer;
    }

    MoorageClient admin() {
        return admin;
    }

    GroupId group() {
        return group;
    }

    /** Who leads, by the newest term that anybody who answers knows of. */
    public Optional<NodeHandle> leader() {
        NodeHandle leader = null;
        long term = -1;
        List<NodeView> views = admin.admin().describe(TIMEOUT);
        for (int i = 0; i < views.size(); i++) {
            for (ReplicaInfo replica : replicas(views.get(i))) {
                if (replica.getRole() == Role.ROLE_LEADER && replica.getTerm() > term) {
                    term = replica.getTerm();
                    leader = nodes.get(i);
                }
            }
        }
        return Optional.ofNullable(leader);
    }

    /** The members, as the leader tells them. */
    List<Member> members() {
        return admin.admin().describe(TIMEOUT).stream()
                .flatMap(view -> replicas(view).stream())
                .filter(replica -> replica.getRole() == Role.ROLE_LEADER)
                .findFirst()
                .map(ReplicaInfo::getMembersList)
                .orElse(List.of());
    }

    private List<ReplicaInfo> replicas(NodeView view) {
        return view.replicas().stream()
                .filter(replica -> replica.getGroupId().equals(group.toBytes()))
                .toList();
    }

    /** Starts whoever does not run. */
    public void startAll() throws IOException {
        for (NodeHandle node : nodes) {
            if (!node.isRunning()) {
                node.start();
            }
        }
    }

    /**
     * Waits until all nodes run and three replicas are complete, healthy, and not far behind each other.
     *
     * @throws org.awaitility.core.ConditionTimeoutException they do not become so: that is a finding too
     */
    public void awaitWhole() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> missing(LAG), String::isEmpty);
    }

    /** As above, and level: when nobody writes any more. */
    public void awaitLevel() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> missing(0), String::isEmpty);
    }

    /** What is not as it should be; empty: nothing. @param lag in log entries */
    private String missing(long lag) {
        List<ReplicaInfo> replicas;
        List<NodeView> views;
        try {
            views = admin.admin().describe(TIMEOUT);
        } catch (MoorageException e) {
            return e.getMessage();
        }
        List<String> silent = views.stream()
                .filter(view -> !view.reachable())
                .map(NodeView::address)
                .toList();
        replicas = views.stream().flatMap(view -> replicas(view).stream()).toList();
        LongSummaryStatistics applied =
                replicas.stream().mapToLong(ReplicaInfo::getAppliedIndex).summaryStatistics();
        boolean level = applied.getCount() > 0 && applied.getMax() - applied.getMin() <= lag;
        boolean led = replicas.stream().anyMatch(replica -> replica.getRole() == Role.ROLE_LEADER);
        boolean whole = replicas.stream()
                .allMatch(replica -> replica.getState() == ReplicaState.REPLICA_STATE_READY
                        && replica.getMissingExtents() == 0
                        && replica.getMembersCount() == MEMBERS);
        if (silent.isEmpty() && replicas.size() == MEMBERS && level && led && whole) {
            return "";
        }
        return "silent: " + silent + ", replicas: "
                + replicas.stream()
                        .map(replica -> replica.getRole() + " " + replica.getState() + " " + replica.getReason()
                                + " applied " + replica.getAppliedIndex() + " missing " + replica.getMissingExtents()
                                + " members " + replica.getMembersCount())
                        .toList();
    }

    private void end() {
        nodes.stream().filter(NodeHandle::isRunning).forEach(node -> {
            try {
                node.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        healer.close();
        clients.forEach(MoorageClient::close);
        admin.close();
        end();
        Runtime.getRuntime().removeShutdownHook(reaper);
        NameResolverRegistry.getDefaultRegistry().deregister(names);
        network.close();
    }
}
