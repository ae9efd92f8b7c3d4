package io.moorage.operator.cluster.scaling;

import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.crds.v1alpha1.cluster.NodeAutoscaling;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.operator.text.Durations;
import java.time.Instant;
import java.util.Optional;

/**
 * Chooses the number of storage nodes by how full they are: one more when more than the target is used, one less when the rest
 * would stay well below it. One at a time, and only when nothing else is being changed.
 *
 * @param nodes what spec.nodes should become
 * @param reason why
 */
public record NodeAutoscaler(int nodes, String reason) {
    /** How far below the target the rest must stay, so that the next node is not added at once again. */
    private static final int MARGIN_PERCENT = 20;

    /**
     * @param status the latest one; used and capacity are of all nodes together
     * @param settled nothing is being changed, and nothing is missing
     */
    public static Optional<NodeAutoscaler> decide(
            StorageCluster cluster, StorageClusterStatus status, boolean settled, Instant now) {
        NodeAutoscaling bounds = cluster.getSpec().autoscaling();
        int nodes = cluster.getSpec().nodes();
        if (bounds == null) {
            return Optional.empty();
        }
        if (nodes < bounds.minNodes()) {
            return to(bounds.minNodes(), "autoscaling.minNodes is " + bounds.minNodes());
        }
        if (nodes > bounds.maxNodes()) {
            return to(bounds.maxNodes(), "autoscaling.maxNodes is " + bounds.maxNodes());
        }
        boolean resting = status.lastScaleTime() != null
                && Instant.parse(status.lastScaleTime())
                        .plus(Durations.parse(bounds.coolDown()))
                        .isAfter(now);
        if (!settled || resting || status.capacityBytes() == null || status.capacityBytes() == 0) {
            return Optional.empty();
        }
        double used = 100.0 * status.usedBytes() / status.capacityBytes();
        if (used > bounds.targetUsedPercent() && nodes < bounds.maxNodes()) {
            return to(
                    nodes + 1,
                    Math.round(used) + "% of the disk space is used, more than the " + bounds.targetUsedPercent()
                            + "% of autoscaling.targetUsedPercent");
        }
        int widest = status.groups().stream()
                .map(GroupStatus::replicas)
                .filter(replicas -> replicas != null)
                .max(Integer::compare)
                .orElse(1);
        if (nodes > Math.max(bounds.minNodes(), widest)) {
            double usedByLess = used * nodes / (nodes - 1);
            if (usedByLess < bounds.targetUsedPercent() - MARGIN_PERCENT) {
                return to(
                        nodes - 1,
                        "with one node less " + Math.round(usedByLess)
                                + "% of the disk space would be used, well below the " + bounds.targetUsedPercent()
                                + "% of autoscaling.targetUsedPercent");
            }
        }
        return Optional.empty();
    }

    private static Optional<NodeAutoscaler> to(int nodes, String reason) {
        return Optional.of(new NodeAutoscaler(nodes, reason));
    }
}
