package io.moorage.node.status;

import io.moorage.node.config.NodeConfig;
import io.moorage.node.identity.NodeIdentity;
import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.NodeState;
import io.moorage.protocol.v1.ScrubInfo;
import java.util.Optional;
import java.util.function.Supplier;

/** What a node says of itself. Thread-safe. */
public final class NodeDescription {
    private final NodeConfig config;
    private final NodeIdentity identity;
    private final SpaceWatch space;
    private final Supplier<Optional<ScrubInfo>> scrub;
    private final long startedAtMs;
    private volatile boolean stopping;

    /** @param scrub the last one */
    public NodeDescription(
            NodeConfig config,
            NodeIdentity identity,
            SpaceWatch space,
            Supplier<Optional<ScrubInfo>> scrub,
            long startedAtMs) {
        this.config = config;
        this.identity = identity;
        this.space = space;
        this.scrub = scrub;
        this.startedAtMs = startedAtMs;
    }

    /** From now on it says that it is stopping. */
    public void stopping() {
        stopping = true;
    }

    public NodeInfo now() {
        NodeConfig.Network network = config.network();
        NodeInfo.Builder info = NodeInfo.newBuilder()
                .setId(identity.id())
                .setName(identity.name())
                .setIncarnation(identity.incarnation())
                .setVersion(Version.CURRENT)
                .setServiceAddress(network.host() + ":" + network.servicePort())
                .setRaftAddress(network.host() + ":" + network.raftPort())
                .setCapacityBytes(space.capacityBytes())
                .setFreeBytes(space.freeBytes())
                .setStartedAtMs(startedAtMs)
                .setZone(config.node().zone())
                .setState(
                        stopping
                                ? NodeState.NODE_STATE_STOPPING
                                : space.isFull() ? NodeState.NODE_STATE_FULL : NodeState.NODE_STATE_READY);
        scrub.get().ifPresent(info::setScrub);
        return info.build();
    }
}
