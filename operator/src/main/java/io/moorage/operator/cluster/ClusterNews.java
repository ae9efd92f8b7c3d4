package io.moorage.operator.cluster;

import io.fabric8.kubernetes.api.model.Condition;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.status.Conditions;
import java.util.List;
import java.util.Set;

/** Tells in events of conditions of a cluster that have become other ones. */
final class ClusterNews {
    /** What a cluster that is being made goes through. */
    private static final Set<String> USUAL = Set.of("GroupsNotReady", "ApiNotReady", "NodesSilent", "ReplicasNotReady");
    /** What is told of when it is found, by whoever found it. */
    private static final Set<String> TOLD =
            Set.of("GroupsBlocked", "InvalidSchedule", "ScaleDownRefused", "NameTaken", "RejectedByKubernetes");

    private final EventRecorder events;

    ClusterNews(EventRecorder events) {
        this.events = events;
    }

    /** @param next the status that follows on the cluster's present one */
    void tell(StorageCluster cluster, StorageClusterStatus next) {
        List<Condition> before =
                cluster.getStatus() == null ? null : cluster.getStatus().conditions();
        // Where both say the same, it is said once: the same event is not written twice.
        Conditions.changed(before, next.conditions(), Moorage.READY)
                .ifPresent(ready -> tell(cluster, ready, "True", wasMade(cluster)));
        Conditions.changed(before, next.conditions(), Moorage.DEGRADED)
                .ifPresent(degraded -> tell(cluster, degraded, "False", wasMade(cluster)));
    }

    private void tell(StorageCluster cluster, Condition condition, String good, boolean made) {
        if (condition.getStatus().equals(good)) {
            if (made) {
                events.normal(cluster, condition.getReason(), condition.getMessage());
            }
        } else if (!TOLD.contains(condition.getReason()) && (made || !USUAL.contains(condition.getReason()))) {
            events.warning(cluster, condition.getReason(), condition.getMessage());
        }
    }

    /** Whether it has groups: from then on it should be well. */
    private static boolean wasMade(StorageCluster cluster) {
        return cluster.getStatus() != null && !cluster.getStatus().groups().isEmpty();
    }
}
