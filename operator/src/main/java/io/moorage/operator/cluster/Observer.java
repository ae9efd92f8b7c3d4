package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moorage.client.MoorageClient;
import io.moorage.client.admin.NodeView;
import io.moorage.client.membership.Members;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.NodeStatus;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.connection.NodeAddresses;
import io.moorage.protocol.v1.NodeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks the storage nodes of a cluster how they are. Thread-safe. */
final class Observer {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Clusters clusters;
    private final Zones zones;

    Observer(Clusters clusters, KubernetesClient kubernetes) {
        this.clusters = clusters;
        this.zones = new Zones(kubernetes);
    }

    MoorageClient client(StorageCluster cluster, int nodes, Collection<Pod> pods) {
        return clusters.of(cluster, NodeAddresses.of(cluster, Math.max(1, nodes), pods));
    }

    /** @param nodes how many storage nodes should be there, those included that are to go */
    Observation observe(StorageCluster cluster, int nodes, Collection<Pod> pods, Instant now) {
        if (nodes == 0) {
            return new Observation(List.of(), Map.of());
        }
        List<NodeView> views = new ArrayList<>();
        for (NodeView view : client(cluster, nodes, pods).admin().describe(TIMEOUT)) {
            views.add(view.info()
                    .map(info -> new NodeView(
                            view.address(),
                            Optional.of(withZone(cluster, info, pods, now)),
                            view.replicas(),
                            view.error()))
                    .orElse(view));
        }
        return new Observation(views, silence(cluster, views, now));
    }

    /** A storage node is in the zone of the machine that it runs on, if it was not told another one. */
    private NodeInfo withZone(StorageCluster cluster, NodeInfo info, Collection<Pod> pods, Instant now) {
        if (!info.getZone().isEmpty()) {
            return info;
        }
        return pods.stream()
                .filter(pod -> pod.getMetadata().getName().equals(info.getName()))
                .map(pod -> pod.getSpec().getNodeName())
                .filter(machine -> machine != null && !machine.isEmpty())
                .findFirst()
                .flatMap(machine ->
                        zones.of(machine, cluster.getSpec().placement().zoneKey(), now))
                .map(zone -> info.toBuilder().setZone(zone).build())
                .orElse(info);
    }

    /** Since when is kept in the status, so that a restart of the operator does not begin to count anew. */
    static Map<String, Duration> silence(StorageCluster cluster, List<NodeView> nodes, Instant now) {
        Set<String> heard = nodes.stream()
                .flatMap(node -> node.info().stream())
                .map(NodeInfo::getId)
                .collect(Collectors.toSet());
        Map<String, String> since = new HashMap<>();
        if (cluster.getStatus() != null) {
            for (NodeStatus node : cluster.getStatus().nodes()) {
                if (node.silentSince() != null) {
                    since.put(node.name(), node.silentSince());
                }
            }
        }
        Map<String, Duration> silence = new HashMap<>();
        for (String member : Observation.membersOf(nodes)) {
            if (!heard.contains(member)) {
                String name = Members.nameOf(member);
                Duration duration =
                        since.containsKey(name) ? Duration.between(Instant.parse(since.get(name)), now) : Duration.ZERO;
                silence.put(member, duration);
            }
        }
        return silence;
    }
}
