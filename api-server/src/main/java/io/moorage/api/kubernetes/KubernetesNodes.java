package io.moorage.api.kubernetes;

import io.fabric8.kubernetes.client.dsl.Resource;
import io.moorage.client.MoorageException;
import io.moorage.client.admin.NodeView;
import io.moorage.client.control.NodeStatus;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.Maintenance;
import io.moorage.crds.v1alpha1.cluster.MaintenanceMode;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.Member;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Storage nodes by the StorageCluster resource. Thread-safe. */
final class KubernetesNodes {
    private static final String MAINTENANCE = "/spec/maintenance";

    private final KubernetesConnection kubernetes;
    private final ClusterWatch watch;
    private final LiveCluster live;
    private final Changes changes;
    private final Function<String, Optional<String>> nameOf;

    /** @param nameOf the name of the node at an address (host:port) */
    KubernetesNodes(
            KubernetesConnection kubernetes,
            ClusterWatch watch,
            LiveCluster live,
            Refusals refusals,
            Function<String, Optional<String>> nameOf) {
        this.kubernetes = kubernetes;
        this.watch = watch;
        this.live = live;
        this.changes = new Changes(refusals);
        this.nameOf = nameOf;
    }

    List<NodeStatus> all() {
        return all(watch.cluster());
    }

    private List<NodeStatus> all(Optional<StorageCluster> cluster) {
        return live.nodes().stream().map(view -> status(cluster, view)).toList();
    }

    private NodeStatus status(Optional<StorageCluster> cluster, NodeView view) {
        String name = view.info()
                .map(info -> info.getName())
                .or(() -> nameOf.apply(view.address()))
                .orElse(view.address());
        Optional<MaintenanceMode> mode = cluster.flatMap(c -> maintenance(c, name));
        String state = cluster.flatMap(c -> reported(c, name))
                .map(reported -> Objects.requireNonNullElse(reported.state(), ""))
                .orElse("");
        String maintenance = mode.map(m ->
                        m == MaintenanceMode.CORDON ? "cordoned" : state.equals("Drained") ? "drained" : "draining")
                .orElse("none");
        NodeView shown = !view.reachable() && state.equals("Pending")
                ? new NodeView(
                        view.address(), view.info(), view.replicas(), "its pod does not run yet: " + view.error())
                : view;
        return new NodeStatus(name, mode.isPresent(), maintenance, shown);
    }

    private static Optional<MaintenanceMode> maintenance(StorageCluster cluster, String node) {
        return cluster.getSpec().maintenance().stream()
                .filter(entry -> entry.node().equals(node))
                .map(Maintenance::mode)
                .findFirst();
    }

    private static Optional<io.moorage.crds.v1alpha1.cluster.NodeStatus> reported(StorageCluster cluster, String node) {
        return Optional.ofNullable(cluster.getStatus()).stream()
                .flatMap(status -> status.nodes().stream())
                .filter(reported -> reported.name().equals(node))
                .findFirst();
    }

    NodeStatus cordon(String node, boolean cordoned) {
        return maintain(node, present -> {
            if (!cordoned) {
                return Optional.empty();
            }
            // A node that is drained is cordoned as well.
            return present.or(() -> Optional.of(MaintenanceMode.CORDON));
        });
    }

    NodeStatus drain(String node) {
        refuseIfOthersAreTooFew(node);
        return maintain(node, present -> Optional.of(MaintenanceMode.DRAIN));
    }

    private void refuseIfOthersAreTooFew(String node) {
        List<NodeStatus> nodes = all();
        NodeStatus drained = nodes.stream()
                .filter(status -> status.name().equals(node))
                .findFirst()
                .orElseThrow(() -> notFound(node));
        // By what the others say of its groups, because it may be drained for not answering.
        int widest = nodes.stream()
                .flatMap(status -> status.view().replicas().stream())
                .filter(replica -> replica.getMembersList().stream().anyMatch(member -> isOn(member, drained.name())))
                .mapToInt(ReplicaInfo::getMembersCount)
                .max()
                .orElse(0);
        long others = nodes.stream()
                .filter(status -> !status.name().equals(node)
                        && !status.cordoned()
                        && status.view().reachable())
                .count();
        if (others < widest) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNSAFE,
                    "node " + node + " cannot be drained: its groups have " + widest + " replicas, and only " + others
                            + " other nodes can take them; scale the StorageCluster up first ("
                            + scaleCommand("N") + ")");
        }
    }

    private static boolean isOn(Member member, String node) {
        return member.getNodeId().startsWith(node + ".");
    }

    private NodeStatus maintain(String node, Function<Optional<MaintenanceMode>, Optional<MaintenanceMode>> change) {
        StorageCluster changed = changes.patch(
                resource(),
                "patch storagecluster '" + kubernetes.cluster() + "' (spec.maintenance)",
                cluster -> {
                    if (!NodeAddresses.of(cluster).contains(node)) {
                        throw notFound(node);
                    }
                    Optional<MaintenanceMode> present = maintenance(cluster, node);
                    Optional<MaintenanceMode> wanted = change.apply(present);
                    JsonPatch patch = new JsonPatch(cluster);
                    return wanted.equals(present) ? patch : patch.set(MAINTENANCE, entries(cluster, node, wanted));
                },
                this::noCluster);
        return all(Optional.of(changed)).stream()
                .filter(status -> status.name().equals(node))
                .findFirst()
                .orElseThrow(() -> notFound(node));
    }

    private static List<Maintenance> entries(StorageCluster cluster, String node, Optional<MaintenanceMode> wanted) {
        List<Maintenance> entries = new ArrayList<>(cluster.getSpec().maintenance());
        entries.removeIf(entry -> entry.node().equals(node));
        wanted.ifPresent(mode -> entries.add(new Maintenance(node, mode)));
        return entries;
    }

    void scale(int nodes) {
        if (nodes < 1) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_INVALID_ARGUMENT, "count is " + nodes + "; it must be 1 or more");
        }
        changes.patch(
                resource(),
                "patch storagecluster '" + kubernetes.cluster() + "' (spec.nodes)",
                cluster -> {
                    JsonPatch patch = new JsonPatch(cluster);
                    return cluster.getSpec().nodes() == nodes ? patch : patch.set("/spec/nodes", nodes);
                },
                this::noCluster);
    }

    MoorageException notRegistered() {
        return new MoorageException(
                ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                "address: the storage nodes of this cluster are pods, which the operator makes. " + howToScale());
    }

    MoorageException notRemoved(String node) {
        if (watch.cluster()
                .filter(cluster -> NodeAddresses.of(cluster).contains(node))
                .isEmpty()) {
            return notFound(node);
        }
        return new MoorageException(
                ErrorCode.ERROR_CODE_UNSAFE,
                "node " + node + " is a pod, which the operator makes and removes. " + howToScale());
    }

    private String howToScale() {
        return "Scale the StorageCluster: " + scaleCommand("N") + ", or POST {\"count\": N} to /storage/nodes";
    }

    private String scaleCommand(String count) {
        return "kubectl scale storagecluster/" + kubernetes.cluster() + " --replicas=" + count + " -n "
                + kubernetes.namespace();
    }

    /** Why the operator would change members back that somebody changed by hand; empty: it does nothing now. */
    Optional<String> keeper() {
        Optional<StorageCluster> cluster = watch.cluster();
        String remedy = "pause it first: kubectl annotate storagecluster/" + kubernetes.cluster() + " "
                + Moorage.PAUSE_ANNOTATION + "=true -n " + kubernetes.namespace();
        if (cluster.isEmpty()) {
            return Optional.of(
                    "it is not known whether the operator, which looks after the members of groups, is paused,"
                            + " because the Kubernetes API does not answer; " + remedy + ", or say --force");
        }
        Map<String, String> annotations = cluster.get().getMetadata().getAnnotations();
        boolean paused = cluster.get().getSpec().paused()
                || annotations != null && "true".equals(annotations.get(Moorage.PAUSE_ANNOTATION));
        return paused
                ? Optional.empty()
                : Optional.of("the operator looks after the members of groups, and would change this back; " + remedy);
    }

    private Resource<StorageCluster> resource() {
        return kubernetes
                .client()
                .resources(StorageCluster.class)
                .inNamespace(kubernetes.namespace())
                .withName(kubernetes.cluster());
    }

    private MoorageException noCluster() {
        return new MoorageException(
                ErrorCode.ERROR_CODE_UNAVAILABLE,
                "there is no StorageCluster '" + kubernetes.cluster() + "' in namespace '" + kubernetes.namespace()
                        + "'; make it, or correct kubernetes.cluster of this server");
    }

    private static MoorageException notFound(String node) {
        return new MoorageException(ErrorCode.ERROR_CODE_NOT_FOUND, "there is no storage node '" + node + "'");
    }
}
