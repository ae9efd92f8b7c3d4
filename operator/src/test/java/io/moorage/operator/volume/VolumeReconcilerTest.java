package io.moorage.operator.volume;

import static io.moorage.operator.testing.TestKubernetes.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.moorage.client.GroupId;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.Snapshot;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.snapshot.SnapshotStatusBuilder;
import io.moorage.crds.v1alpha1.volume.Compression;
import io.moorage.crds.v1alpha1.volume.Consistency;
import io.moorage.crds.v1alpha1.volume.DeletionPolicy;
import io.moorage.crds.v1alpha1.volume.Isolation;
import io.moorage.crds.v1alpha1.volume.RetentionBuilder;
import io.moorage.crds.v1alpha1.volume.SnapshotScheduleBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeReplica;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.DedicatedGroups;
import io.moorage.operator.testing.FakeEngine;
import io.moorage.operator.testing.TestKubernetes;
import io.moorage.protocol.v1.VolumeSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeReconcilerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKubernetes kubernetes = new TestKubernetes();
    private final FakeEngine engine = new FakeEngine();
    private volatile Duration ahead = Duration.ZERO;
    private ClusterViews views;
    private GroupId group;

    @BeforeEach
    void start() {
        group = engine.group("c-node-0", "c-node-1", "c-node-2");
        InstantSource clock = () -> Instant.now().plus(ahead);
        views = new ClusterViews(cluster -> engine, clock);
        kubernetes.run(new VolumeReconciler(views, new EventRecorder(kubernetes.client(), clock), clock));
    }

    @AfterEach
    void stop() {
        kubernetes.close();
        views.close();
    }

    @Test
    void volumeWaitsForItsClusterAndIsMadeInAGroupOfItsReplicationFactor() {
        GroupId single = engine.group("c-node-0");
        create("v", spec -> spec.size(new Quantity("1Gi")));
        awaitCondition("v", Moorage.READY, "False ClusterNotFound");
        await().atMost(PATIENCE).until(() -> kubernetes.events("v").contains("ClusterNotFound"));
        kubernetes.cluster("c", 3, group(single, 1), group(group, 3));
        awaitCondition("v", Moorage.READY, "True Available");
        var status = get("v").getStatus();
        assertThat(status.group()).isEqualTo(group.toString());
        assertThat(status.volumeId())
                .isEqualTo(engine.named(group, "v").orElseThrow().getId());
        assertThat(status.leader()).isEqualTo("c-node-0");
        assertThat(status.readyReplicas()).isEqualTo(3);
        assertThat(status.replicas()).extracting(VolumeReplica::role).containsExactly("Leader", "Follower", "Follower");
        assertThat(status.endpoints().rest())
                .isEqualTo("http://c-api." + kubernetes.namespace() + ".svc:8000/storage/volumes/v/files/");
        assertThat(status.endpoints().s3()).isEqualTo("http://c-api." + kubernetes.namespace() + ".svc:9000");
        assertThat(TestKubernetes.show(status.conditions(), Moorage.DEGRADED)).isEqualTo("False AsAsked");
        assertThat(engine.named(group, "v").orElseThrow().getSpec().getQuotaBytes())
                .isEqualTo(1L << 30);
        await().atMost(PATIENCE).until(() -> kubernetes.events("v").contains("Created"));
    }

    @Test
    void replicationFactorThatNoGroupHasIsReportedAndRecovers() {
        kubernetes.cluster("c", 3, group(group, 3));
        create("v", spec -> spec.replicas(5));
        awaitCondition("v", Moorage.READY, "False NoSuchGroup");
        assertThat(message("v", Moorage.READY)).contains("spec.replicas is 5", "3 nodes");
        GroupId five = engine.group("c-node-0", "c-node-1", "c-node-2", "c-node-3", "c-node-4");
        kubernetes.groups("c", group(group, 3), group(five, 5));
        awaitCondition("v", Moorage.READY, "True Available");
        assertThat(get("v").getStatus().group()).isEqualTo(five.toString());
    }

    @Test
    void fullDisksAreReportedAndRecover() {
        engine.full("c-node-1");
        kubernetes.cluster("c", 3, group(group, 3));
        create("v", spec -> {});
        awaitCondition("v", Moorage.READY, "False NoSpace");
        engine.free("c-node-1");
        awaitCondition("v", Moorage.READY, "True Available");
    }

    @Test
    void disksThatAreSoFullThatNobodyLeadsAreReportedAndRecover() {
        engine.brimful("c-node-0", "c-node-1");
        kubernetes.cluster("c", 3, group(group, 3));
        create("v", spec -> {});
        awaitCondition("v", Moorage.READY, "False NoSpace");
        assertThat(message("v", Moorage.READY)).contains("c-node-0", "c-node-1", "spec.storage.size");
        engine.free("c-node-0", "c-node-1");
        awaitCondition("v", Moorage.READY, "True Available");
    }

    @Test
    void volumesAreSpreadOverGroups() {
        GroupId other = engine.group("c-node-1", "c-node-2", "c-node-0");
        kubernetes.cluster("c", 3, group(group, 3), group(other, 3));
        for (int i = 0; i < 10; i++) {
            create("v" + i, spec -> {});
        }
        for (int i = 0; i < 10; i++) {
            awaitCondition("v" + i, Moorage.READY, "True Available");
        }
        long here = 0;
        for (int i = 0; i < 10; i++) {
            here += engine.named(group, "v" + i).isPresent() ? 1 : 0;
        }
        assertThat(here).isBetween(3L, 7L);
    }

    @Test
    void quotaAndConsistencyChangeInPlace() {
        ready("v", spec -> spec.size(new Quantity("1Gi")));
        edit("v", spec -> spec.size(new Quantity("2Gi")).maxEntries(7L).consistency(Consistency.STRONG));
        await().atMost(PATIENCE).untilAsserted(() -> {
            VolumeSpec spec = engine.named(group, "v").orElseThrow().getSpec();
            assertThat(spec.getQuotaBytes()).isEqualTo(2L << 30);
            assertThat(spec.getQuotaEntries()).isEqualTo(7);
            assertThat(spec.getConsistency()).isEqualTo(io.moorage.protocol.v1.Consistency.CONSISTENCY_STRONG);
        });
        await().atMost(PATIENCE).until(() -> kubernetes.events("v").contains("Updated"));
        assertThat(get("v").getStatus().volumeId())
                .isEqualTo(engine.named(group, "v").orElseThrow().getId());
    }

    @Test
    void whatTheEngineCannotDoIsRefusedByName() {
        kubernetes.cluster("c", 3, group(group, 3));
        create("v", spec -> spec.compression(Compression.ZSTD).historyWindow("24h"));
        awaitCondition("v", Moorage.READY, "False NotSupported");
        assertThat(message("v", Moorage.READY)).contains("spec.compression", "spec.historyWindow");
        assertThat(engine.named(group, "v")).isEmpty();
        edit("v", spec -> spec.compression(Compression.NONE).historyWindow("0s"));
        awaitCondition("v", Moorage.READY, "True Available");
    }

    @Test
    void changeOfReplicasIsRefusedAndTheVolumeGoesOn() {
        ready("v", spec -> {});
        edit("v", spec -> spec.replicas(1));
        awaitCondition("v", Moorage.DEGRADED, "True ReplicasChangeNotSupported");
        assertThat(TestKubernetes.show(get("v").getStatus().conditions(), Moorage.READY))
                .isEqualTo("True Available");
        assertThat(get("v").getStatus().group()).isEqualTo(group.toString());
        edit("v", spec -> spec.replicas(3));
        awaitCondition("v", Moorage.DEGRADED, "False AsAsked");
    }

    @Test
    void nodesThatAreDownAreSeen() {
        ready("v", spec -> {});
        engine.down("c-node-2");
        kubernetes.groups("c", group(group, 3), group(GroupId.random(), 3));
        awaitCondition("v", Moorage.DEGRADED, "True ReplicasNotReady");
        assertThat(message("v", Moorage.DEGRADED)).contains("2 of 3", "c-node-2 is Unreachable");
        engine.down("c-node-0");
        kubernetes.groups("c", group(group, 3));
        awaitCondition("v", Moorage.READY, "False NoLeader");
        assertThat(get("v").getStatus().volumeId()).isNotNull();
        engine.up("c-node-0", "c-node-2");
        awaitCondition("v", Moorage.READY, "True Available");
    }

    @Test
    void nothingIsMadeWhileAGroupThatCannotBeAskedMayHoldTheVolume() {
        GroupId silent = engine.group("c-node-3");
        engine.create(silent, VolumeSpec.newBuilder().setName("v").build());
        engine.down("c-node-3");
        kubernetes.cluster("c", 4, group(group, 3), group(silent, 1));
        create("v", spec -> {});
        awaitCondition("v", Moorage.READY, "False GroupUnavailable");
        assertThat(engine.named(group, "v")).isEmpty();
        engine.up("c-node-3");
        awaitCondition("v", Moorage.READY, "True Available");
        assertThat(get("v").getStatus().group()).isEqualTo(silent.toString());
    }

    @Test
    void volumeThatIsGoneFromItsGroupIsNotMadeAnew() {
        ready("v", spec -> {});
        long id = get("v").getStatus().volumeId();
        engine.delete(group, id, true);
        views.outdated(kubernetes.get(StorageCluster.class, "c"));
        edit("v", spec -> spec.maxEntries(1L));
        awaitCondition("v", Moorage.READY, "False DataLost");
        assertThat(engine.named(group, "v")).isEmpty();
        assertThat(get("v").getStatus().volumeId()).isEqualTo(id);
    }

    @Test
    void retainedDataIsTakenUpAgain() {
        ready("v", spec -> {});
        long id = get("v").getStatus().volumeId();
        engine.fill(group, "v", 3, 300);
        delete("v");
        assertThat(kubernetes.events("v")).contains("Retained");
        assertThat(engine.named(group, "v")).isPresent();
        create("v", spec -> {});
        awaitCondition("v", Moorage.READY, "True Available");
        assertThat(get("v").getStatus().volumeId()).isEqualTo(id);
        assertThat(get("v").getStatus().entries()).isEqualTo(3);
        assertThat(kubernetes.events("v")).contains("TakenUp");
    }

    @Test
    void emptyVolumeIsDeletedAndDeleteDeletesWhatIsThere() {
        ready("v", spec -> {});
        delete("v");
        assertThat(engine.named(group, "v")).isEmpty();
        create("v", spec -> spec.deletionPolicy(DeletionPolicy.DELETE));
        awaitCondition("v", Moorage.READY, "True Available");
        engine.fill(group, "v", 3, 300);
        delete("v");
        assertThat(engine.named(group, "v")).isEmpty();
    }

    @Test
    void deletionWaitsForTheGroup() {
        ready("v", spec -> spec.deletionPolicy(DeletionPolicy.DELETE));
        engine.fill(group, "v", 3, 300);
        engine.down("c-node-0", "c-node-1");
        kubernetes.delete(Volume.class, "v");
        awaitCondition("v", Moorage.PROGRESSING, "True WaitingForGroup");
        assertThat(message("v", Moorage.PROGRESSING)).contains(group.toString());
        engine.up("c-node-0", "c-node-1");
        awaitGone("v");
        assertThat(engine.named(group, "v")).isEmpty();
    }

    @Test
    void volumeGoesWithACLusterThatIsGone() {
        ready("v", spec -> spec.deletionPolicy(DeletionPolicy.DELETE));
        engine.down("c-node-0", "c-node-1", "c-node-2");
        kubernetes.delete(StorageCluster.class, "c");
        awaitCondition("v", Moorage.READY, "False ClusterNotFound");
        delete("v");
    }

    @Test
    void dedicatedVolumeWaitsForAGroupOfItsOwn() {
        kubernetes.cluster("c", 3, group(group, 3));
        create("v", spec -> spec.isolation(Isolation.DEDICATED));
        awaitCondition("v", Moorage.READY, "False GroupNotReady");
        GroupId own = DedicatedGroups.id(get("v"));
        engine.group(own, "c-node-0", "c-node-1", "c-node-2");
        awaitCondition("v", Moorage.READY, "True Available");
        assertThat(get("v").getStatus().group()).isEqualTo(own.toString());
        assertThat(DedicatedGroups.id(get("v"))).isEqualTo(own);
    }

    @Test
    void pausedVolumeIsLeftAlone() {
        ready("v", spec -> {});
        annotate("v", Moorage.PAUSE_ANNOTATION, "true");
        edit("v", spec -> spec.maxEntries(7L));
        kubernetes.delete(Volume.class, "v");
        create("other", spec -> {});
        awaitCondition("other", Moorage.READY, "True Available");
        assertThat(engine.named(group, "v").orElseThrow().getSpec().getQuotaEntries())
                .isZero();
        annotate("v", Moorage.PAUSE_ANNOTATION, "false");
        awaitGone("v");
    }

    @Test
    void unchangedVolumesWriteNothingAndShareTheQuestions() {
        assumeFalse(TestKubernetes.isReal(), "only the mock server counts writes");
        kubernetes.cluster("c", 3, group(group, 3));
        for (int i = 0; i < 20; i++) {
            create("v" + i, spec -> {});
        }
        for (int i = 0; i < 20; i++) {
            awaitCondition("v" + i, Moorage.READY, "True Available");
        }
        int writes = kubernetes.writes();
        int asked = engine.described();
        // Wakes all of them, and changes nothing for any. The edit of the status itself is one write.
        kubernetes.groups("c", group(group, 3), group(GroupId.random(), 1));
        create("last", spec -> spec.compression(Compression.LZ4));
        awaitCondition("last", Moorage.READY, "False NotSupported");
        await().atMost(PATIENCE).until(() -> kubernetes.events("last").contains("NotSupported"));
        // The cluster's status; the last one itself, its finalizer, status and event.
        assertThat(kubernetes.writes() - writes).isLessThanOrEqualTo(5);
        assertThat(engine.described() - asked).isLessThan(5);
    }

    @Test
    void schedulePutsSnapshotsThatTheVolumeOwns() {
        Instant now = Instant.now();
        ahead = Duration.between(now, now.truncatedTo(ChronoUnit.MINUTES).plusSeconds(57));
        ready(
                "v",
                spec -> spec.snapshots(SnapshotScheduleBuilder.builder()
                        .schedule("* * * * *")
                        .keep(RetentionBuilder.builder().last(1).build())
                        .build()));
        assertThat(get("v").getStatus().nextSnapshotTime()).isNotNull();
        await().atMost(PATIENCE).until(() -> !snapshots().isEmpty());
        Snapshot made = snapshots().get(0);
        assertThat(made.getSpec().volumeRef().name()).isEqualTo("v");
        assertThat(made.hasOwnerReferenceFor(get("v"))).isTrue();
        await().atMost(PATIENCE).until(() -> get("v").getStatus().lastSnapshotTime() != null);
        kubernetes.client().resource(made).editStatus(one -> {
            one.setStatus(
                    SnapshotStatusBuilder.builder().version(1L).readyToUse(true).build());
            return one;
        });
        engine.fill(group, "v", 1, 1);
        delete("v");
        assertThat(snapshots())
                .allMatch(one ->
                        one.getOwnerReferenceFor(made.getMetadata().getUid()).isEmpty()
                                && one.getMetadata().getOwnerReferences().isEmpty());
    }

    @Test
    void scheduleThatIsOfNoUseIsReportedAndRecovers() {
        SnapshotScheduleBuilder schedule = SnapshotScheduleBuilder.builder()
                .keep(RetentionBuilder.builder().last(1).build());
        ready(
                "v",
                spec -> spec.snapshots(
                        schedule.schedule("0 0 31 2 *").timeZone("Etc/UTC").build()));
        awaitCondition("v", Moorage.DEGRADED, "True InvalidSchedule");
        assertThat(message("v", Moorage.DEGRADED)).contains("spec.snapshots", "31 2");
        edit(
                "v",
                spec -> spec.snapshots(
                        schedule.schedule("@daily").timeZone("Mars/Olympus").build()));
        await().atMost(PATIENCE).until(() -> message("v", Moorage.DEGRADED).contains("Mars/Olympus"));
        edit(
                "v",
                spec -> spec.snapshots(
                        schedule.schedule("@daily").timeZone("Europe/Berlin").build()));
        awaitCondition("v", Moorage.DEGRADED, "False AsAsked");
        assertThat(get("v").getStatus().nextSnapshotTime()).isNotNull();
    }

    private java.util.List<Snapshot> snapshots() {
        return kubernetes
                .client()
                .resources(Snapshot.class)
                .inNamespace(kubernetes.namespace())
                .list()
                .getItems();
    }

    private void ready(String name, Consumer<VolumeSpecBuilder> settings) {
        kubernetes.cluster("c", 3, group(group, 3));
        create(name, settings);
        awaitCondition(name, Moorage.READY, "True Available");
    }

    private Volume create(String name, Consumer<VolumeSpecBuilder> settings) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName(name).build());
        VolumeSpecBuilder spec = VolumeSpecBuilder.builder().clusterRef(new Reference("c"));
        settings.accept(spec);
        volume.setSpec(spec.build());
        return kubernetes.create(volume);
    }

    private void edit(String name, Consumer<VolumeSpecBuilder> settings) {
        change(name, volume -> {
            VolumeSpecBuilder spec = VolumeSpecBuilder.builder(volume.getSpec());
            settings.accept(spec);
            volume.setSpec(spec.build());
            return volume;
        });
    }

    private void annotate(String name, String key, String value) {
        change(name, volume -> {
            volume.getMetadata().setAnnotations(Map.of(key, value));
            return volume;
        });
    }

    private void change(String name, UnaryOperator<Volume> change) {
        kubernetes
                .client()
                .resources(Volume.class)
                .inNamespace(kubernetes.namespace())
                .withName(name)
                .edit(change);
    }

    private Volume get(String name) {
        return kubernetes.get(Volume.class, name);
    }

    private void delete(String name) {
        kubernetes.delete(Volume.class, name);
        awaitGone(name);
    }

    private void awaitGone(String name) {
        await().atMost(PATIENCE).until(() -> get(name) == null);
    }

    private String message(String name, String type) {
        return TestKubernetes.condition(get(name).getStatus().conditions(), type)
                .orElseThrow()
                .getMessage();
    }

    private void awaitCondition(String name, String type, String expected) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            Volume volume = get(name);
            assertThat(volume.getStatus()).isNotNull();
            assertThat(TestKubernetes.show(volume.getStatus().conditions(), type))
                    .isEqualTo(expected);
        });
    }
}
