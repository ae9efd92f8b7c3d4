package io.moorage.client.control;

import io.moorage.client.VolumeRef;
import java.util.List;
import java.util.Optional;

/**
 * Who decides what the cluster looks like: which volumes exist and where, which nodes take part. The data path only asks
 * {@link #resolve}. Blocking, thread-safe; methods throw {@link io.moorage.client.MoorageException}.
 */
public interface ControlPlane extends AutoCloseable {

    /** Where a volume is; cached, so that the data path goes on when the control plane is away. Empty: no such volume. */
    Optional<VolumeRef> resolve(String volume);

    List<VolumeStatus> volumes();

    Optional<VolumeStatus> volume(String name);

    /** Idempotent for an equal request; ALREADY_EXISTS otherwise. Returns when the volume can be used. */
    VolumeStatus createVolume(VolumeRequest request);

    /** Changes quota, consistency and labels. */
    VolumeStatus updateVolume(String name, VolumeUpdate update);

    /** NOT_EMPTY if it holds entries and not forced. */
    void deleteVolume(String name, boolean force);

    /** Storage nodes as the control plane knows them, unreachable ones included. */
    List<NodeStatus> nodes();

    /** A cordoned node gets no new replicas. */
    NodeStatus cordon(String node, boolean cordoned);

    /** Moves leaders, then replicas, away. UNSAFE (with the reason) if the other nodes cannot hold them. */
    NodeStatus drain(String node);

    /** Adds a storage node by the address (host:port) of its services. */
    NodeStatus register(String address);

    /** Forgets a node that holds no replicas. UNSAFE if it does. */
    void remove(String node);

    @Override
    void close();
}
