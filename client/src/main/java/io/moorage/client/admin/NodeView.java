package io.moorage.client.admin;

import io.moorage.protocol.v1.NodeInfo;
import io.moorage.protocol.v1.ReplicaInfo;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one storage node at the moment it was asked.
 *
 * @param address host:port of its gRPC services, as configured
 * @param info empty if it did not answer
 * @param replicas empty if it did not answer
 * @param error why it did not answer, or ""
 */
public record NodeView(String address, Optional<NodeInfo> info, List<ReplicaInfo> replicas, String error) {
    public boolean reachable() {
        return info.isPresent();
    }
}
