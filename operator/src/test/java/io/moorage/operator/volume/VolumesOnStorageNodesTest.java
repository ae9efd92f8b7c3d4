package io.moorage.operator.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.client.CallOptions;
import io.moorage.client.GroupId;
import io.moorage.client.MoorageException;
import io.moorage.client.PutOptions;
import io.moorage.client.VolumeRef;
import io.moorage.client.VolumeStore;
import io.moorage.client.admin.NodeView;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.GroupStatus;
import io.moorage.crds.v1alpha1.snapshot.SnapshotSpec;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.snapshot.SnapshotReconciler;
import io.moorage.operator.testing.StorageNodes;
import io.moorage.operator.testing.TestKubernetes;
import io.moorage.protocol.v1.Consistency;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reconcilers against real storage nodes. */
class VolumesOnStorageNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Enough to see that volumes share their questions; how long more take is measured with -Dmoorage.many.volumes=500. */
    private static final int MANY = Integer.getInteger("moorage.many.volumes", 100);

    @TempDir
    Path directory;

    private final TestKubernetes kubernetes = new TestKubernetes();
    private final Clusters clusters = new Clusters();
    private StorageNodes nodes;
    private ClusterViews views;

    @BeforeEach
    void start() throws Exception {
        nodes = new StorageNodes(directory, "c", 3);
        views = new ClusterViews(new ClusterEngines(clusters, kubernetes.client()), InstantSource.system());
        GroupStatus[] groups = nodes.client().admin().describe(Duration.ofSeconds(2)).stream()
                .map(NodeView::replicas)
                .flatMap(List::stream)
                .map(replica -> GroupId.of(replica.getGroupId()))
                .distinct()
                .map(id -> TestKubernetes.group(id, 3))
                .toArray(GroupStatus[]::new);
        clusters.of(kubernetes.cluster("c", 3, groups), nodes.addresses());
        EventRecorder events = new EventRecorder(kubernetes.client(), InstantSource.system());
        kubernetes.run(
                new VolumeReconciler(views, events, InstantSource.system()),
                new SnapshotReconciler(views, events, InstantSource.system()));
    }

    @AfterEach
    void stop() {
        kubernetes.close();
        views.close();
        clusters.close();
        nodes.close();
    }

    @Test
    void lifeOfAVolume() throws Exception {
        create("v", spec -> spec.size(new Quantity("1Mi")));
        awaitReady("v");
        long id = get("v").getStatus().volumeId();
        put("v", "a", 700_000);
        assertThatThrownBy(() -> put("v", "b", 700_000)).isInstanceOf(MoorageException.class);

        edit("v", spec -> spec.size(new Quantity("2Mi")));
        await().atMost(PATIENCE).until(() -> kubernetes.events("v").contains("Updated"));
        put("v", "b", 700_000);

        Snapshot snapshot = new Snapshot();
        snapshot.setMetadata(new ObjectMetaBuilder().withName("s").build());
        snapshot.setSpec(new SnapshotSpec(new Reference("v"), null));
        kubernetes.create(snapshot);
        await().atMost(PATIENCE).until(() -> {
            Snapshot made = kubernetes.get(Snapshot.class, "s");
            return made.getStatus() != null
                    && Boolean.TRUE.equals(made.getStatus().readyToUse());
        });
        var kept = kubernetes.get(Snapshot.class, "s").getStatus();
        assertThat(kept.entries()).isEqualTo(2);
        assertThat(kept.restoreSize().toString()).isEqualTo("1400000");

        // Retained while it holds data, and taken up again with it.
        delete("v");
        assertThat(kubernetes.events("v")).contains("Retained");
        create("v", spec -> spec.size(new Quantity("2Mi")).deletionPolicy(DeletionPolicy.DELETE));
        awaitReady("v");
        assertThat(get("v").getStatus().volumeId()).isEqualTo(id);
        assertThat(get("v").getStatus().entries()).isEqualTo(2);
        assertThat(get("v").getStatus().logicalBytes()).isEqualTo(1_400_000);

        // One node down is seen, and does not keep data from being deleted; two do.
        VolumeRef ref = ref("v");
        nodes.stop(0);
        nodes.stop(1);
        kubernetes.delete(Volume.class, "v");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                TestKubernetes.show(get("v").getStatus().conditions(), Moorage.PROGRESSING))
                        .isEqualTo("True WaitingForGroup"));
        nodes.start(0);
        await().atMost(Duration.ofSeconds(60)).until(() -> get("v") == null);
        kubernetes.delete(Snapshot.class, "s");
        await().atMost(PATIENCE).until(() -> kubernetes.get(Snapshot.class, "s") == null);
        nodes.start(1);
        assertThat(nodes.client().volumes(ref.group(), CallOptions.DEFAULT))
                .noneMatch(volume -> volume.getSpec().getName().equals("v"));
    }

    @Test
    void manyVolumesAreReadySoon() {
        long began = System.nanoTime();
        for (int i = 0; i < MANY; i++) {
            create("v" + i, spec -> {});
        }
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .until(() ->
                        kubernetes
                                        .client()
                                        .resources(Volume.class)
                                        .inNamespace(kubernetes.namespace())
                                        .list()
                                        .getItems()
                                        .stream()
                                        .filter(volume -> volume.getStatus() != null
                                                && TestKubernetes.show(
                                                                volume.getStatus()
                                                                        .conditions(),
                                                                Moorage.READY)
                                                        .startsWith("True"))
                                        .count()
                                == MANY);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        System.out.println(MANY + " volumes were Ready after " + took.toMillis() + " ms");
    }

    private void create(String name, Consumer<VolumeSpecBuilder> settings) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName(name).build());
        VolumeSpecBuilder spec = VolumeSpecBuilder.builder().clusterRef(new Reference("c"));
        settings.accept(spec);
        volume.setSpec(spec.build());
        kubernetes.create(volume);
    }

    private void edit(String name, Consumer<VolumeSpecBuilder> settings) {
        kubernetes
                .client()
                .resources(Volume.class)
                .inNamespace(kubernetes.namespace())
                .withName(name)
                .edit(volume -> {
                    VolumeSpecBuilder spec = VolumeSpecBuilder.builder(volume.getSpec());
                    settings.accept(spec);
                    volume.setSpec(spec.build());
                    return volume;
                });
    }

    private Volume get(String name) {
        return kubernetes.get(Volume.class, name);
    }

    private VolumeRef ref(String name) {
        var status = get(name).getStatus();
        return new VolumeRef(name, GroupId.parse(status.group()), status.volumeId(), Consistency.CONSISTENCY_QUORUM);
    }

    private void put(String name, String key, int size) throws Exception {
        VolumeStore store = nodes.client().store(ref(name));
        store.put(PutOptions.of(key), new ByteArrayInputStream(new byte[size]), size, CallOptions.DEFAULT);
    }

    private void delete(String name) {
        kubernetes.delete(Volume.class, name);
        await().atMost(PATIENCE).until(() -> get(name) == null);
    }

    private void awaitReady(String name) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(get(name).getStatus()).isNotNull();
            assertThat(TestKubernetes.show(get(name).getStatus().conditions(), Moorage.READY))
                    .isEqualTo("True Available");
        });
    }
}
