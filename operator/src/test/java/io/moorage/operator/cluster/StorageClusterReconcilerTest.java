package io.moorage.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.ApiSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.SelfHealing;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpec;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageClusterStatus;
import io.moorage.crds.v1alpha1.volume.Isolation;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.operator.cluster.groups.GroupWork;
import io.moorage.operator.connection.Clusters;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.testing.StorageNodes;
import io.moorage.operator.testing.TestKubernetes;
import io.moorage.operator.testing.Timed;
import io.moorage.operator.volume.ClusterEngines;
import io.moorage.operator.volume.ClusterViews;
import io.moorage.operator.volume.VolumeReconciler;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's resource against the mock server, and against real storage nodes that play its pods. */
class StorageClusterReconcilerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String IMAGE = "registry.example/moorage:1";
    /** Enough to see that nothing is written; for the time of a warm operator there is -Dmoorage.rounds=300. */
    private static final int ROUNDS = Integer.getInteger("moorage.rounds", 20);

    @TempDir
    Path directory;

    private final TestKubernetes kubernetes = new TestKubernetes();
    private final Clusters clusters = new Clusters();
    private final GroupWork work = new GroupWork();
    private ClusterViews views;
    private Timed reconciler;

    @BeforeEach
    void start() {
        assumeFalse(TestKubernetes.isReal(), "it would make pods there");
        // A schedule of every minute is due at once.
        InstantSource clock = () -> Instant.now().plusSeconds(90);
        EventRecorder events = new EventRecorder(kubernetes.client(), clock);
        reconciler = new Timed(new StorageClusterReconciler(
                new StorageClusterReconciler.Surroundings(IMAGE, Optional.of("moorage"), false),
                kubernetes.client(),
                clusters,
                cluster -> {},
                events,
                work,
                clock));
        views = new ClusterViews(new ClusterEngines(clusters, kubernetes.client()), clock);
        kubernetes.run(reconciler, new VolumeReconciler(views, events, clock));
    }

    @AfterEach
    void stop() {
        work.close();
        kubernetes.close();
        views.close();
        clusters.close();
    }

    @Test
    void everythingIsMadeAndPutBackAndLabelsOfOthersStay() {
        create(spec -> spec.api(ApiSpecBuilder.builder().replicas(2).build()));
        for (Map.Entry<Class<? extends HasMetadata>, List<String>> type :
                Map.<Class<? extends HasMetadata>, List<String>>of(
                                ServiceAccount.class, List.of("main-api"),
                                Role.class, List.of("main-api"),
                                RoleBinding.class, List.of("main-api"),
                                ConfigMap.class, List.of("main-api", "main-nodes"),
                                Service.class, List.of("main-api", "main-nodes"),
                                NetworkPolicy.class, List.of("main-node"),
                                PodDisruptionBudget.class, List.of("main-api", "main-node"),
                                StatefulSet.class, List.of("main-node"),
                                Deployment.class, List.of("main-api"))
                        .entrySet()) {
            await(type.getKey().getSimpleName())
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(names(type.getKey())).containsAll(type.getValue()));
        }
        kubernetes
                .client()
                .apps()
                .statefulSets()
                .inNamespace(kubernetes.namespace())
                .withName("main-node")
                .edit(set -> {
                    set.getMetadata().getLabels().put("theirs", "stays");
                    set.getSpec().getTemplate().getSpec().getContainers().get(0).setImage("somebody/else:2");
                    return set;
                });
        kubernetes
                .client()
                .configMaps()
                .inNamespace(kubernetes.namespace())
                .withName("main-nodes")
                .edit(map -> {
                    map.getMetadata().getLabels().put("theirs", "stays");
                    map.setData(Map.of("node.yaml", "network: {}"));
                    return map;
                });
        kubernetes.delete(Service.class, "main-api");
        await().atMost(PATIENCE).untilAsserted(() -> {
            StatefulSet set = kubernetes.get(StatefulSet.class, "main-node");
            assertThat(set.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .get(0)
                            .getImage())
                    .isEqualTo(IMAGE);
            assertThat(set.getMetadata().getLabels()).containsEntry("theirs", "stays");
            ConfigMap map = kubernetes.get(ConfigMap.class, "main-nodes");
            assertThat(map.getData().get("node.yaml")).contains("service-port");
            assertThat(map.getMetadata().getLabels()).containsEntry("theirs", "stays");
            assertThat(kubernetes.get(Service.class, "main-api")).isNotNull();
        });
    }

    @Test
    void settledClusterIsLeftAloneScrubbedAndRidOfGroupsThatNobodyNeeds() throws Exception {
        try (StorageNodes nodes = StorageNodes.empty(directory, "main", 3)) {
            pods(nodes.addresses());
            create(spec -> spec);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(condition(Moorage.READY)).isEqualTo("True Ready"));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(condition(Moorage.PROGRESSING)).isEqualTo("False Settled"));
            assertThat(status().groups()).hasSize(3);

            unchangedResourceIsNotWritten();
            schedulesThatAreOfNoUseAreReportedAndOthersCarriedOut();
            dedicatedGroupComesAndGoesWithItsVolume(nodes);
        }
    }

    private void unchangedResourceIsNotWritten() {
        // Statuses of groups may still be on their way for a moment.
        await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(kubernetes::writes, new Constant());
        int before = reconciler.rounds().size();
        int writes = kubernetes.writes();
        int disks = 0;
        Long used = status().usedBytes();
        for (int i = 1; i <= ROUNDS; i++) {
            int count = reconciler.rounds().size();
            String value = "" + i;
            kubernetes
                    .client()
                    .pods()
                    .inNamespace(kubernetes.namespace())
                    .withName("main-node-0")
                    .edit(pod -> {
                        pod.getMetadata().getAnnotations().put("touched", value);
                        return pod;
                    });
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> reconciler.rounds().size() > count);
            // The disks are those of the machine, which others fill as well.
            if (!status().usedBytes().equals(used)) {
                used = status().usedBytes();
                disks++;
            }
        }
        int written = kubernetes.writes() - writes - ROUNDS;
        List<Duration> rounds = reconciler
                .rounds()
                .subList(before, reconciler.rounds().size())
                .stream()
                .sorted()
                .toList();
        List<Duration> cpu = reconciler.cpu().subList(before, before + rounds.size()).stream()
                .sorted()
                .toList();
        System.out.printf(
                "reconcile of an unchanged cluster of 3 nodes: shortest %d us, median %d us, longest %d us of %d;"
                        + " on a processor in its own thread: median %d us%n",
                rounds.get(0).toNanos() / 1000,
                rounds.get(rounds.size() / 2).toNanos() / 1000,
                rounds.get(rounds.size() - 1).toNanos() / 1000,
                rounds.size(),
                cpu.get(cpu.size() / 2).toNanos() / 1000);
        assertThat(written)
                .as("writes that are not of this test: %s", kubernetes.lastWrites())
                .isLessThanOrEqualTo(disks + (status().usedBytes().equals(used) ? 0 : 1));
    }

    private void schedulesThatAreOfNoUseAreReportedAndOthersCarriedOut() {
        edit(spec -> spec.selfHealing(new SelfHealing("10m", "0 0 31 2 *")));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(condition(Moorage.DEGRADED)).isEqualTo("True InvalidSchedule"));
        assertThat(kubernetes.events("main")).contains("InvalidSchedule");
        edit(spec -> spec.selfHealing(new SelfHealing("10m", "* * * * *")));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(condition(Moorage.DEGRADED)).isEqualTo("False Whole"));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(status().lastScrubTime()).isNotNull();
            assertThat(status().nodes())
                    .allSatisfy(node -> assertThat(node.scrub().bad()).isZero());
        });
        assertThat(kubernetes.events("main")).contains("ScrubStarted").doesNotContain("ScrubFoundBad");
        edit(spec -> spec.selfHealing(new SelfHealing("10m", null)));
    }

    private void dedicatedGroupComesAndGoesWithItsVolume(StorageNodes nodes) {
        Volume volume = new Volume();
        volume.setMetadata(new ObjectMetaBuilder().withName("own").build());
        volume.setSpec(VolumeSpecBuilder.builder()
                .clusterRef(new Reference("main"))
                .isolation(Isolation.DEDICATED)
                .replicas(3)
                .build());
        kubernetes.create(volume);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(TestKubernetes.show(
                                Optional.ofNullable(kubernetes
                                                .get(Volume.class, "own")
                                                .getStatus())
                                        .map(status -> status.conditions())
                                        .orElse(List.of()),
                                Moorage.READY))
                        .isEqualTo("True Available"));
        String group = kubernetes.get(Volume.class, "own").getStatus().group();
        await().atMost(PATIENCE)
                .until(() -> status().groups().stream()
                        .anyMatch(one -> one.id().equals(group) && Boolean.TRUE.equals(one.dedicated())));
        kubernetes.delete(Volume.class, "own");
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertThat(status().groups()).hasSize(3).noneMatch(one -> one.id().equals(group));
            assertThat(nodes.client().admin().describe(Duration.ofSeconds(2)))
                    .allSatisfy(node -> assertThat(node.replicas()).hasSize(3));
        });
    }

    /** Whether a number is what it was when it was last asked for. */
    private static final class Constant implements java.util.function.Predicate<Integer> {
        private int last = -1;

        @Override
        public boolean test(Integer now) {
            boolean same = last < 0 || now == last;
            last = now;
            return same;
        }
    }

    private void pods(List<String> addresses) {
        for (int ordinal = 0; ordinal < addresses.size(); ordinal++) {
            kubernetes.create(new PersistentVolumeClaimBuilder()
                    .withNewMetadata()
                    .withName("data-main-node-" + ordinal)
                    .withLabels(Names.labels(named("main"), Names.STORAGE_NODE))
                    .endMetadata()
                    .withNewSpec()
                    .withNewResources()
                    .addToRequests("storage", new Quantity("10Gi"))
                    .endResources()
                    .endSpec()
                    .build());
            kubernetes.create(new PodBuilder()
                    .withNewMetadata()
                    .withName("main-node-" + ordinal)
                    .withLabels(Names.labels(named("main"), Names.STORAGE_NODE))
                    .withAnnotations(Map.of(Names.SERVICE_ADDRESS, addresses.get(ordinal)))
                    .endMetadata()
                    .withNewSpec()
                    .addNewContainer()
                    .withName("node")
                    .withImage(IMAGE)
                    .endContainer()
                    .endSpec()
                    .withNewStatus()
                    .withPhase("Running")
                    .endStatus()
                    .build());
        }
    }

    private static StorageCluster named(String name) {
        StorageCluster cluster = new StorageCluster();
        cluster.setMetadata(new ObjectMetaBuilder().withName(name).build());
        return cluster;
    }

    private void create(UnaryOperator<StorageClusterSpecBuilder> change) {
        StorageCluster cluster = named("main");
        cluster.setSpec(change.apply(StorageClusterSpecBuilder.builder()
                        .nodes(3)
                        .api(ApiSpecBuilder.builder().replicas(0).build()))
                .build());
        kubernetes.create(cluster);
    }

    private void edit(UnaryOperator<StorageClusterSpecBuilder> change) {
        kubernetes
                .client()
                .resources(StorageCluster.class)
                .inNamespace(kubernetes.namespace())
                .withName("main")
                .edit(cluster -> {
                    StorageClusterSpec spec = change.apply(StorageClusterSpecBuilder.builder(cluster.getSpec()))
                            .build();
                    cluster.setSpec(spec);
                    return cluster;
                });
    }

    private <T extends HasMetadata> List<String> names(Class<T> type) {
        Function<T, String> name = object -> object.getMetadata().getName();
        Stream<T> all =
                kubernetes.client().resources(type).inNamespace(kubernetes.namespace()).list().getItems().stream();
        return all.map(name).sorted(Comparator.naturalOrder()).toList();
    }

    private StorageClusterStatus status() {
        return kubernetes.get(StorageCluster.class, "main").getStatus();
    }

    private String condition(String type) {
        return status() == null ? "" : TestKubernetes.show(status().conditions(), type);
    }
}
