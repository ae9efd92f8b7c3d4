package io.moorage.client.control;

import io.moorage.client.CallOptions;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.client.membership.MembershipExecutor;
import io.moorage.client.membership.MembershipPlanner;
import io.moorage.client.membership.MembershipPolicy;
import io.moorage.client.membership.MembershipStep;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which nodes take part, and looking after the groups on them. Thread-safe. */
final class NodeOperations {
    private static final Logger LOG = LoggerFactory.getLogger(NodeOperations.class);
    private static final String NODES = "nodes/";
    private static final Duration REPLACE_AFTER = Duration.ofMinutes(10);
    private static final CallOptions QUORUM =
            CallOptions.DEFAULT.withConsistency(Consistency.CONSISTENCY_QUORUM).withDeadline(Duration.ofSeconds(3));

    private final MoorageClient client;
    private final ClusterState cluster;
    private final Map<String, Long> silentSince = new HashMap<>();
    private String lastBlocked = "";

    NodeOperations(MoorageClient client, ClusterState cluster) {
        this.client = client;
        this.cluster = cluster;
    }

    Map<String, NodeRecord> records() {
        Map<String, NodeRecord> records = new TreeMap<>();
        cluster.catalog()
                .list(NODES, NodeRecord.class, QUORUM)
                .forEach((name, record) -> records.put(name, record.value()));
        return records;
    }

    List<NodeStatus> nodes() {
        Map<String, NodeRecord> records;
        try {
            records = records();
        } catch (MoorageException e) {
            // The nodes are shown also when the system volume is away: that is when one looks.
            records = Map.of();
        }
        List<NodeStatus> statuses = new ArrayList<>();
        for (NodeView node : cluster.nodes()) {
            String name = node.info().map(i -> i.getName()).orElseGet(() -> nameAt(node.address()));
            NodeRecord record = records.getOrDefault(name, NodeRecord.NONE);
            statuses.add(
                    record.draining()
                            ? new NodeStatus(name, record.cordoned(), "draining", node)
                            : new NodeStatus(name, record.cordoned(), node));
        }
        return statuses;
    }

    /** The name of a node that does not answer, as the others know it. */
    private String nameAt(String address) {
        for (NodeView node : cluster.nodes()) {
            for (ReplicaInfo replica : node.replicas()) {
                for (Member member : replica.getMembersList()) {
                    if (member.getServiceAddress().equals(address)) {
                        return Members.nameOf(member.getNodeId());
                    }
                }
            }
        }
        return address;
    }

    NodeStatus cordon(String name, boolean cordoned) {
        require(name);
        change(name, record -> new NodeRecord(record.address(), cordoned, cordoned && record.draining()));
        return require(name);
    }

    NodeStatus drain(String name) {
        NodeStatus node = require(name);
        Set<String> others = nodes().stream()
                .filter(n -> !n.name().equals(name) && !n.cordoned() && n.view().reachable())
                .map(NodeStatus::name)
                .collect(Collectors.toSet());
        int widest = node.view().replicas().stream()
                .mapToInt(ReplicaInfo::getMembersCount)
                .max()
                .orElse(0);
        if (others.size() < widest) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "node " + name + " cannot be drained: its groups have " + widest + " replicas, and only "
                            + others.size() + " other nodes can take them; add a node first");
        }
        change(name, record -> new NodeRecord(record.address(), true, true));
        return require(name);
    }

    NodeStatus register(String address) {
        if (!address.matches("[^\\s:]+:\\d{1,5}")) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "address '" + address + "' must be host:port");
        }
        List<String> addresses = new ArrayList<>(client.admin().addresses());
        if (!addresses.contains(address)) {
            addresses.add(address);
            client.admin().setAddresses(addresses);
            cluster.invalidate();
        }
        NodeView view = cluster.nodes().stream()
                .filter(n -> n.address().equals(address))
                .findFirst()
                .orElseThrow();
        if (!view.reachable()) {
            addresses.remove(address);
            client.admin().setAddresses(addresses);
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE, "no storage node answers at " + address + ": " + view.error());
        }
        String name = view.info().orElseThrow().getName();
        change(name, record -> new NodeRecord(address, record.cordoned(), record.draining()));
        return require(name);
    }

    void remove(String name) {
        NodeStatus node = require(name);
        boolean member = cluster.nodes().stream()
                .flatMap(n -> n.replicas().stream())
                .flatMap(r -> r.getMembersList().stream())
                .anyMatch(m -> m.getNodeId().startsWith(name + "."));
        if (member) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "node " + name + " holds replicas; drain it first, and remove it when that is done");
        }
        List<String> addresses = new ArrayList<>(client.admin().addresses());
        addresses.remove(node.view().address());
        client.admin().setAddresses(addresses);
        cluster.invalidate();
        cluster.catalog()
                .get(NODES + name, NodeRecord.class, CallOptions.DEFAULT)
                .ifPresent(record -> cluster.catalog().delete(NODES + name, record.version()));
    }

    /** Plans from what the nodes say now, and carries out one step per group. */
    void reconcile() {
        cluster.invalidate();
        List<NodeView> nodes = cluster.nodes();
        Map<String, NodeRecord> records = records();
        adoptRegistered(records);
        int replicas = ClusterBootstrap.replicas(nodes.size());
        MembershipPolicy policy = new MembershipPolicy(
                group -> replicas,
                REPLACE_AFTER,
                names(records, NodeRecord::cordoned),
                names(records, NodeRecord::draining));
        List<MembershipStep> steps = new MembershipPlanner(policy, nodes, silence(nodes)).plan();
        MembershipExecutor executor = new MembershipExecutor(client.admin());
        for (MembershipStep step : steps) {
            if (step instanceof MembershipStep.Blocked blocked) {
                if (!blocked.reason().equals(lastBlocked)) {
                    lastBlocked = blocked.reason();
                    LOG.warn("group {}: {}", blocked.group(), blocked.reason());
                }
                continue;
            }
            LOG.info("group {}: {} because {}", step.group(), step.getClass().getSimpleName(), step.reason());
            try {
                executor.execute(step);
            } catch (MoorageException e) {
                LOG.warn("group {}: {}", step.group(), e.getMessage());
            }
        }
    }

    /** Nodes that another instance registered. */
    private void adoptRegistered(Map<String, NodeRecord> records) {
        List<String> addresses = new ArrayList<>(client.admin().addresses());
        boolean changed = false;
        for (NodeRecord record : records.values()) {
            if (!record.address().isEmpty() && !addresses.contains(record.address())) {
                addresses.add(record.address());
                changed = true;
            }
        }
        if (changed) {
            client.admin().setAddresses(addresses);
        }
    }

    private Map<String, Duration> silence(List<NodeView> nodes) {
        long now = System.nanoTime();
        Set<String> heard = nodes.stream()
                .flatMap(node -> node.info().stream())
                .map(info -> info.getId())
                .collect(Collectors.toSet());
        Set<String> members = nodes.stream()
                .flatMap(node -> node.replicas().stream())
                .flatMap(replica -> replica.getMembersList().stream())
                .map(Member::getNodeId)
                .collect(Collectors.toSet());
        silentSince.keySet().removeIf(id -> heard.contains(id) || !members.contains(id));
        Map<String, Duration> silence = new HashMap<>();
        for (String id : members) {
            if (!heard.contains(id)) {
                silence.put(id, Duration.ofNanos(now - silentSince.computeIfAbsent(id, i -> now)));
            }
        }
        return silence;
    }

    private static Set<String> names(
            Map<String, NodeRecord> records, java.util.function.Predicate<NodeRecord> condition) {
        return records.entrySet().stream()
                .filter(record -> condition.test(record.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private void change(String name, java.util.function.UnaryOperator<NodeRecord> change) {
        Optional<Catalog.Versioned<NodeRecord>> present =
                cluster.catalog().get(NODES + name, NodeRecord.class, CallOptions.DEFAULT);
        NodeRecord next = change.apply(present.map(Catalog.Versioned::value).orElse(NodeRecord.NONE));
        cluster.catalog()
                .put(NODES + name, next, present.map(Catalog.Versioned::version).orElse(0L));
        cluster.invalidate();
    }

    private NodeStatus require(String name) {
        return nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new MoorageException(
                        ErrorCode.ERROR_CODE_NOT_FOUND, "there is no storage node '" + name + "'"));
    }
}
