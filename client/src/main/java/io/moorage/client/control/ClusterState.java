package io.moorage.client.control;

import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.client.admin.NodeView;
import io.moorage.protocol.v1.Consistency;
import io.moorage.protocol.v1.ErrorCode;
import io.moorage.protocol.v1.ReplicaInfo;
import io.moorage.protocol.v1.Volume;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the nodes say, at most a second old, and the `system` volume among them. Thread-safe. */
final class ClusterState {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MoorageClient client;
    private final Object asking = new Object();
    private volatile List<NodeView> nodes = List.of();
    private volatile long askedNanos = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    private volatile Catalog catalog;
    private volatile GroupId systemGroup;

    ClusterState(MoorageClient client) {
        this.client = client;
    }

    List<NodeView> nodes() {
        synchronized (asking) {
            if (System.nanoTime() - askedNanos > MAX_AGE_NANOS) {
                nodes = client.admin().describe(TIMEOUT);
                askedNanos = System.nanoTime();
            }
            return nodes;
        }
    }

    /** Ask again next time. */
    void invalidate() {
        askedNanos = System.nanoTime() - TimeUnit.HOURS.toNanos(1);
    }

    /** @throws MoorageException UNAVAILABLE if no node that answers holds it */
    GroupId systemGroup() {
        if (systemGroup == null) {
            for (NodeView node : nodes()) {
                for (ReplicaInfo replica : node.replicas()) {
                    if (replica.getSystem()) {
                        systemGroup = GroupId.of(replica.getGroupId());
                    }
                }
            }
        }
        if (systemGroup == null) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "no node that answers holds the cluster's system volume; is the cluster being made, or down?",
                    0,
                    false,
                    Duration.ofSeconds(2),
                    null);
        }
        return systemGroup;
    }

    Catalog catalog() {
        if (catalog == null) {
            GroupId group = systemGroup();
            Volume system = client.volumes(group, CallOptions.DEFAULT).stream()
                    .filter(v -> v.getSpec().getName().equals(ClusterBootstrap.SYSTEM_VOLUME))
                    .findFirst()
                    .orElseThrow(() -> new MoorageException(
                            ErrorCode.ERROR_CODE_UNAVAILABLE, "the cluster has no system volume yet"));
            // Writes need no more than a majority; reads of the catalog say how fresh they must be.
            catalog = new Catalog(client.store(new VolumeRef(
                    ClusterBootstrap.SYSTEM_VOLUME, group, system.getId(), Consistency.CONSISTENCY_QUORUM)));
        }
        return catalog;
    }
}
