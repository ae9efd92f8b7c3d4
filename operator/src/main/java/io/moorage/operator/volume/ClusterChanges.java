package io.moorage.operator.volume;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.operator.naming.Resources;
import java.util.ArrayList;
import java.util.List;

/** Lets through changes of a StorageCluster that its volumes should look at, and not every number in its status. */
final class ClusterChanges implements OnUpdateFilter<StorageCluster> {
    private record Group(String id, Integer replicas, Integer ready, String leader, Boolean dedicated) {}

    @Override
    public boolean accept(StorageCluster now, StorageCluster before) {
        return Resources.asksForSomethingElse(now, before)
                || !groups(now).equals(groups(before))
                || !ApiEndpoints.of(now).equals(ApiEndpoints.of(before))
                || !ApiEndpoints.s3(now).equals(ApiEndpoints.s3(before));
    }

    private static List<Group> groups(StorageCluster cluster) {
        List<Group> groups = new ArrayList<>();
        if (cluster.getStatus() != null) {
            for (GroupStatus group : cluster.getStatus().groups()) {
                groups.add(new Group(
                        group.id(), group.replicas(), group.readyReplicas(), group.leader(), group.dedicated()));
            }
        }
        return groups;
    }
}
