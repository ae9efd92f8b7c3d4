package io.moorage.client.control;

import io.moorage.client.MoorageException;
import io.moorage.client.VolumeRef;
import io.moorage.protocol.v1.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who decides what the cluster looks like: which volumes exist and where, which nodes take part. The data path only asks
 * {@link #resolve}. Blocking, thread-safe; methods throw {@link io.moorage.client.MoorageException}.
 */
public interface ControlPlane extends AutoCloseable {
    /** How long changes are waited for by those who do not say. */
    Duration DEFAULT_WAIT = Duration.ofSeconds(10);

    /**
     * Where a volume is; cached, so that the data path goes on when the control plane is away. Empty: no such volume.
     * UNAVAILABLE: it is being made, or nobody can be asked.
     */
    Optional<VolumeRef> resolve(String volume);

    List<VolumeStatus> volumes();

    Optional<VolumeStatus> volume(String name);

    /** As it is when it is neither being made nor deleted any more, or else after {@code wait}. */
    default Optional<VolumeStatus> volume(String name, Duration wait) {
        return volume(name);
    }

    /**
     * Idempotent for an equal request; ALREADY_EXISTS otherwise.
     *
     * @param wait how long to wait until the volume can be used; the answer says whether it can
     */
    VolumeChange createVolume(VolumeRequest request, Duration wait);

    /** Returns when the volume can be used; UNAVAILABLE if that takes too long (it is being made all the same). */
    default VolumeStatus createVolume(VolumeRequest request) {
        VolumeChange change = createVolume(request, DEFAULT_WAIT);
        if (!change.complete()) {
            throw new MoorageException(
                    ErrorCode.ERROR_CODE_UNAVAILABLE,
                    "volume '" + request.name() + "' is still being made: "
                            + change.volume().reason(),
                    0,
                    true,
                    Duration.ofSeconds(1),
                    null);
        }
        return change.volume();
    }

    /**
     * Changes quota, consistency and labels.
     *
     * @param wait how long to wait until the change is in effect
     */
    VolumeChange updateVolume(String name, VolumeUpdate update, Duration wait);

    default VolumeStatus updateVolume(String name, VolumeUpdate update) {
        return updateVolume(name, update, DEFAULT_WAIT).volume();
    }

    /**
     * NOT_EMPTY if it holds entries and not forced.
     *
     * @param wait how long to wait until it is gone
     * @return what is still there; empty: it is gone
     */
    Optional<VolumeStatus> deleteVolume(String name, boolean force, Duration wait);

    default void deleteVolume(String name, boolean force) {
        deleteVolume(name, force, DEFAULT_WAIT);
    }

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

    /** Changes how many storage nodes there are. INVALID_ARGUMENT where nobody makes nodes. */
    default void scale(int nodes) {
        throw new MoorageException(
                ErrorCode.ERROR_CODE_INVALID_ARGUMENT,
                "count is " + nodes + ", but nobody makes storage nodes here: start one, and register its address");
    }

    /** Groups and their members by hand. */
    GroupControl groups();

    /** Returns if a leader of the cluster answers this process within the timeout; UNAVAILABLE with the reason otherwise. */
    void probe(Duration timeout);

    /** Why what this control plane says may be out of date, or "". */
    default String trouble() {
        return "";
    }

    @Override
    void close();
}
