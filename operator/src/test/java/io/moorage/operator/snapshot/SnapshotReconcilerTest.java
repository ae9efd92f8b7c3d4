package io.moorage.operator.snapshot;

import static io.moorage.operator.testing.TestKubernetes.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.snapshot.SnapshotSpec;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.testing.FakeEngine;
import io.moorage.operator.testing.TestKubernetes;
import io.moorage.operator.volume.ClusterViews;
import io.moorage.operator.volume.VolumeReconciler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotReconcilerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKubernetes kubernetes = new TestKubernetes();
    private final FakeEngine engine = new FakeEngine();
    private final MovingClock clock = new MovingClock();
    private ClusterViews views;
    private GroupId group;

    private static final class MovingClock implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @BeforeEach
    void start() {
        group = engine.group("c-node-0", "c-node-1", "c-node-2");
        views = new ClusterViews(cluster -> engine, InstantSource.system());
        EventRecorder events = new EventRecorder(kubernetes.client(), InstantSource.system());
        kubernetes.run(
                new VolumeReconciler(views, events, InstantSource.system()),
                new SnapshotReconciler(views, events, clock));
        kubernetes.cluster("c", 3, group(group, 3));
    }

    @AfterEach
    void stop() {
        kubernetes.close();
        views.close();
    }

    @Test
    void snapshotWaitsForItsVolumeAndSaysWhatItHolds() {
        create("s", null);
        awaitReady("s", "False VolumeNotFound");
        assertThat(get("s").getStatus().readyToUse()).isFalse();
        volume(DeletionPolicy.RETAIN);
        awaitReady("s", "True Kept");
        engine.fill(group, "v", 7, 1234);
        create("t", null);
        awaitReady("t", "True Kept");
        var status = get("t").getStatus();
        assertThat(status.readyToUse()).isTrue();
        assertThat(status.entries()).isEqualTo(7);
        assertThat(status.restoreSize().toString()).isEqualTo("1234");
        assertThat(status.version()).isPositive();
        assertThat(Instant.parse(status.creationTime())).isBefore(Instant.now().plusSeconds(1));
        assertThat(status.expirationTime()).isNull();
        assertThat(engine.pins(group)).hasSize(2).allMatch(name -> name.startsWith("snapshot/"));
        kubernetes.delete(Snapshot.class, "t");
        awaitGone("t");
        assertThat(engine.pins(group)).hasSize(1);
    }

    @Test
    void snapshotExpires() {
        volume(DeletionPolicy.RETAIN);
        create("s", "2s");
        awaitGone("s");
        assertThat(engine.pins(group)).isEmpty();
        assertThat(kubernetes.events("s")).contains("Created", "Expired", "Released");
    }

    @Test
    void releaseWaitsForTheGroup() {
        volume(DeletionPolicy.RETAIN);
        create("s", null);
        awaitReady("s", "True Kept");
        engine.down("c-node-0", "c-node-1");
        kubernetes.delete(Snapshot.class, "s");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                TestKubernetes.show(get("s").getStatus().conditions(), Moorage.PROGRESSING))
                        .isEqualTo("True WaitingForGroup"));
        engine.up("c-node-0", "c-node-1");
        awaitGone("s");
        assertThat(engine.pins(group)).isEmpty();
    }

    @Test
    void snapshotOfAVolumeThatIsGoneIsNotReadyAndCanBeDeleted() {
        volume(DeletionPolicy.DELETE);
        create("s", null);
        awaitReady("s", "True Kept");
        kubernetes.delete(Volume.class, "v");
        awaitReady("s", "False VolumeNotFound");
        await().atMost(PATIENCE).until(() -> kubernetes.get(Volume.class, "v") == null);
        volume(DeletionPolicy.DELETE);
        awaitReady("s", "False VolumeReplaced");
        kubernetes.delete(Snapshot.class, "s");
        awaitGone("s");
    }

    @Test
    void snapshotGoesWithAClusterThatIsGone() {
        volume(DeletionPolicy.RETAIN);
        create("s", null);
        awaitReady("s", "True Kept");
        engine.down("c-node-0", "c-node-1", "c-node-2");
        kubernetes.delete(StorageCluster.class, "c");
        kubernetes.delete(Snapshot.class, "s");
        awaitGone("s");
    }

    private void volume(DeletionPolicy policy) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName("v").build());
        volume.setSpec(VolumeSpecBuilder.builder()
                .clusterRef(new Reference("c"))
                .deletionPolicy(policy)
                .build());
        kubernetes.create(volume);
        await().atMost(PATIENCE).until(() -> {
            Volume made = kubernetes.get(Volume.class, "v");
            return made.getStatus() != null && made.getStatus().volumeId() != null;
        });
    }

    private void create(String name, String expireAfter) {
        Snapshot snapshot = new Snapshot();
        snapshot.setMetadata(new ObjectMetaBuilder().withName(name).build());
        // Shorter than the schema allows would be refused by a real API server: the clock is put forward there.
        boolean real = TestKubernetes.isReal() && expireAfter != null;
        snapshot.setSpec(new SnapshotSpec(new Reference("v"), real ? "1m" : expireAfter));
        clock.ahead = real ? Duration.ofSeconds(70) : Duration.ZERO;
        kubernetes.create(snapshot);
    }

    private Snapshot get(String name) {
        return kubernetes.get(Snapshot.class, name);
    }

    private void awaitGone(String name) {
        await().atMost(PATIENCE).until(() -> get(name) == null);
    }

    private void awaitReady(String name, String expected) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(get(name).getStatus()).isNotNull();
            assertThat(TestKubernetes.show(get(name).getStatus().conditions(), Moorage.READY))
                    .isEqualTo(expected);
        });
    }
}
