package io.moorage.api.kubernetes;

import io.moorage.client.MoorageClient;
import io.moorage.client.VolumeRef;
import io.moorage.client.control.ControlPlane;
import io.moorage.client.control.GroupControl;
import io.moorage.client.control.NodeStatus;
import io.moorage.client.control.VolumeChange;
import io.moorage.client.control.VolumeRequest;
import io.moorage.client.control.VolumeStatus;
import io.moorage.client.control.VolumeUpdate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes as the control plane: what is asked for is written into custom resources of one namespace, the operator carries it
 * out, and where a volume is stands in its status. Thread-safe.
 *
 * <p>The data path goes on while the Kubernetes API is away: this server remembers what it heard last. If it starts while the API is
 * away, it asks the groups themselves for a volume by its name.
 */
public final class KubernetesControlPlane implements ControlPlane {
    private static final Duration START_WAIT = Duration.ofSeconds(10);

    private final KubernetesConnection kubernetes;
    private final MoorageClient client;
    private final ClusterWatch watch;
    private final LiveCluster live;
    private final KubernetesVolumes volumes;
    private final KubernetesNodes nodes;
    private final GroupControl groups;
    private volatile Map<String, String> nameByAddress;

    /**
     * @param kubernetes closed with this
     * @param client told where the storage nodes are, from now on; not closed with this
     */
    public KubernetesControlPlane(KubernetesConnection kubernetes, MoorageClient client) {
        this.kubernetes = kubernetes;
        this.client = client;
        this.nameByAddress = NodeAddresses.seeds(kubernetes.cluster(), kubernetes.namespace());
        this.live = new LiveCluster(client);
        this.watch = new ClusterWatch(kubernetes, this::takeAddresses);
        Refusals refusals = new Refusals();
        this.volumes = new KubernetesVolumes(kubernetes, watch, live, refusals);
        this.nodes = new KubernetesNodes(
                kubernetes, watch, live, refusals, address -> Optional.ofNullable(nameByAddress.get(address)));
        this.groups = new GroupControl(client.admin(), nodes::keeper);
    }

    /** host:port of nodes to ask first, while Kubernetes has not said which there are. */
    public static List<String> seeds(KubernetesConnection kubernetes) {
        return List.copyOf(NodeAddresses.seeds(kubernetes.cluster(), kubernetes.namespace())
                .keySet());
    }

    /** Begins to watch Kubernetes; waits a few seconds for its first answer, and goes on without it. */
    public void start() {
        watch.start(START_WAIT);
        takeAddresses();
    }

    /** What Kubernetes says of the nodes is taken over as soon as it says something. */
    private synchronized void takeAddresses() {
        watch.cluster().ifPresent(cluster -> {
            Map<String, String> names = NodeAddresses.byAddress(cluster, watch.pods());
            nameByAddress = names;
            List<String> addresses = List.copyOf(names.keySet());
            if (!addresses.isEmpty() && !addresses.equals(client.admin().addresses())) {
                client.admin().setAddresses(addresses);
                live.invalidate();
            }
        });
    }

    /** While Kubernetes has never answered, the nodes that are known name the others. */
    private void learnAddresses() {
        if (watch.cluster().isPresent()) {
            return;
        }
        List<String> unknown = live.unknownMembers();
        if (!unknown.isEmpty()) {
            learn(unknown);
        }
    }

    private synchronized void learn(List<String> unknown) {
        if (watch.cluster().isPresent()) {
            return;
        }
        Map<String, String> addresses = new LinkedHashMap<>();
        client.admin().addresses().forEach(address -> addresses.put(address, ""));
        unknown.forEach(address -> addresses.put(address, ""));
        client.admin().setAddresses(List.copyOf(addresses.keySet()));
        live.invalidate();
    }

    @Override
    public Optional<VolumeRef> resolve(String volume) {
        learnAddresses();
        return volumes.resolve(volume);
    }

    @Override
    public List<VolumeStatus> volumes() {
        learnAddresses();
        return volumes.all();
    }

    @Override
    public Optional<VolumeStatus> volume(String name) {
        learnAddresses();
        return volumes.get(name);
    }

    @Override
    public Optional<VolumeStatus> volume(String name, Duration wait) {
        return volumes.get(name, wait);
    }

    @Override
    public VolumeChange createVolume(VolumeRequest request, Duration wait) {
        return volumes.create(request, wait);
    }

    @Override
    public VolumeChange updateVolume(String name, VolumeUpdate update, Duration wait) {
        return volumes.update(name, update, wait);
    }

    @Override
    public Optional<VolumeStatus> deleteVolume(String name, boolean force, Duration wait) {
        return volumes.delete(name, force, wait);
    }

    @Override
    public List<NodeStatus> nodes() {
        learnAddresses();
        return nodes.all();
    }

    @Override
    public NodeStatus cordon(String node, boolean cordoned) {
        return nodes.cordon(node, cordoned);
    }

    @Override
    public NodeStatus drain(String node) {
        return nodes.drain(node);
    }

    @Override
    public void scale(int count) {
        nodes.scale(count);
    }

    /** Refused: nodes are pods. */
    @Override
    public NodeStatus register(String address) {
        throw nodes.notRegistered();
    }

    /** Refused: nodes are pods. */
    @Override
    public void remove(String node) {
        throw nodes.notRemoved(node);
    }

    @Override
    public GroupControl groups() {
        learnAddresses();
        return groups;
    }

    @Override
    public void probe(Duration timeout) {
        learnAddresses();
        // Whoever looks after this process asks every few seconds.
        watch.noteTrouble();
        live.probe(timeout);
    }

    @Override
    public String trouble() {
        return watch.trouble();
    }

    @Override
    public void close() {
        groups.close();
        watch.close();
        kubernetes.client().close();
    }
}
