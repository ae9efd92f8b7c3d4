package io.moorage.crds.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.backup.BackupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.ApiStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.GroupMemberBuilder;
import io.moorage.crds.v1alpha1.cluster.GroupStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.NodeStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatusBuilder;
import io.moorage.crds.v1alpha1.cluster.UpdateStatusBuilder;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatusBuilder;
import io.moorage.crds.v1alpha1.user.StorageUserStatusBuilder;
import io.moorage.crds.v1alpha1.volume.EndpointsBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeReplicaBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A status as the operator makes it is what the schema asks for, and is read back as the same. */
class StatusTest {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization(new ObjectMapper(), true);
    private static final String TIME = "2026-11-21T07:00:00Z";
    private static final List<Condition> CONDITIONS = List.of(new ConditionBuilder()
            .withType(Moorage.READY)
            .withStatus("False")
            .withReason(Moorage.NOT_SUPPORTED)
            .withMessage("spec.compression is Zstd, which this version cannot do: set it to None")
            .withLastTransitionTime(TIME)
            .withObservedGeneration(3L)
            .build());

    @Test
    void storageCluster() {
        check(
                "StorageCluster",
                StorageClusterStatusBuilder.builder()
                        .observedGeneration(3L)
                        .conditions(CONDITIONS)
                        .readyNodes(3)
                        .selector("app=moorage")
                        .usedPercent(0)
                        .api(ApiStatusBuilder.builder()
                                .replicas(2)
                                .endpoint("http://main-api:8000")
                                .build())
                        .nodes(List.of(NodeStatusBuilder.builder()
                                .name("main-node-0")
                                .silentSince(TIME)
                                .build()))
                        .groups(List.of(GroupStatusBuilder.builder()
                                .id("00ff")
                                .system(false)
                                .members(List.of(GroupMemberBuilder.builder()
                                        .node("main-node-0")
                                        .nodeId("main-node-0.x")
                                        .lag(0L)
                                        .build()))
                                .build()))
                        .update(UpdateStatusBuilder.builder()
                                .currentNode("main-node-2")
                                .nodeStartedTime(TIME)
                                .build())
                        .lastScaleTime(TIME)
                        .build());
    }

    @Test
    void volume() {
        check(
                "Volume",
                VolumeStatusBuilder.builder()
                        .observedGeneration(1L)
                        .conditions(CONDITIONS)
                        .volumeId(1L << 40)
                        .replicas(List.of(VolumeReplicaBuilder.builder()
                                .node("n")
                                .nodeId("n.x")
                                .build()))
                        .used("1.5Gi")
                        .endpoints(EndpointsBuilder.builder()
                                .rest("http://main-api:8000/storage/volumes/photos/files/")
                                .build())
                        .lastSnapshotTime(TIME)
                        .build());
    }

    @Test
    void snapshotBackupAndUser() {
        check(
                "Snapshot",
                SnapshotStatusBuilder.builder()
                        .readyToUse(true)
                        .restoreSize(new Quantity("5Gi"))
                        .expirationTime(TIME)
                        .build());
        check(
                "Backup",
                BackupStatusBuilder.builder()
                        .conditions(CONDITIONS)
                        .size(new Quantity("5Gi"))
                        .completionTime(TIME)
                        .build());
        check(
                "StorageUser",
                StorageUserStatusBuilder.builder()
                        .accessKeyId("MK1")
                        .secretRef(new Reference("photo-app"))
                        .rotationTime(TIME)
                        .build());
    }

    private static void check(String kind, Object status) {
        JsonNode written = KUBERNETES.convertValue(status, JsonNode.class);
        assertThat(SCHEMAS.getSchema(Schemas.of(kind).at("/properties/status")).validate(written))
                .isEmpty();
        assertThat((Object) KUBERNETES.convertValue(written, status.getClass())).isEqualTo(status);
    }
}
