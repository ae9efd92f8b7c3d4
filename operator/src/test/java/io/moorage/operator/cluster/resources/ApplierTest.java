package io.moorage.operator.cluster.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageSpecBuilder;
import io.moorage.operator.naming.Names;
import io.moorage.operator.testing.ApplyDispatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is decided, on the mock server. It keeps no managed fields, makes no controllers run, and lets immutable fields change;
 * what depends on these is in {@link ApplierOnKubernetesTest}.
 */
class ApplierTest {
    private static final String NAMESPACE = "files";

    private final KubernetesMockServer server = ApplyDispatcher.server();
    private KubernetesClient client;
    private Context<?> context;
    private Applier applier;
    private StorageCluster cluster;
    private int seen;

    @BeforeEach
    void begin() {
        server.init();
        client = server.createClient();
        context = TestContext.of(client);
        applier = new Applier(Set.of());
        cluster = Examples.minimal();
    }

    @AfterEach
    void end() {
        client.close();
        server.destroy();
    }

    @Test
    void makesEverythingOnceAndThenWritesNothing() throws InterruptedException {
        ClusterResources resources = ClusterResources.of(cluster, Examples.LEAST);
        assertThat(resources.wanted())
                .allSatisfy(object ->
                        assertThat(applier.apply(object, context).kind()).isEqualTo(Outcome.Kind.CREATED));
        drainRequests();
        assertThat(ClusterResources.of(cluster, Examples.LEAST).wanted())
                .allSatisfy(object ->
                        assertThat(applier.apply(object, context).kind()).isEqualTo(Outcome.Kind.UNCHANGED));
        assertThat(drainRequests()).isNotEmpty().allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void makesObjectsOfTypesThatThisProgramHasNoClassFor() {
        server.expectCustomResource(new CustomResourceDefinitionContext.Builder()
                .withGroup("monitoring.coreos.com")
                .withVersion("v1")
                .withKind(ServiceMonitor.KIND)
                .withPlural("servicemonitors")
                .withScope("Namespaced")
                .build());
        GenericKubernetesResource monitor = ServiceMonitor.desired(cluster);
        assertThat(applier.apply(monitor, context).kind()).isEqualTo(Outcome.Kind.CREATED);
        assertThat(applier.apply(ServiceMonitor.desired(cluster), context).kind())
                .isEqualTo(Outcome.Kind.UNCHANGED);
        assertThat(client.genericKubernetesResources(ServiceMonitor.API_VERSION, ServiceMonitor.KIND)
                        .inNamespace(NAMESPACE)
                        .withName("main")
                        .get())
                .isNotNull();
    }

    @Test
    void changesWhatTheSpecChanged() {
        applier.apply(NodesConfig.desired(cluster), context);
        cluster.setSpec(StorageClusterSpecBuilder.builder(cluster.getSpec())
                .config(Map.of("raft.election-timeout", "3s"))
                .build());
        assertThat(applier.apply(NodesConfig.desired(cluster), context).kind()).isEqualTo(Outcome.Kind.CHANGED);
        assertThat(configMap().getData().get(NodesConfig.FILE)).contains("election-timeout: \"3s\"");
    }

    @Test
    void leavesAnObjectOfSomebodyElseAloneAndSaysSo() {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("main-nodes")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(Map.of("mine", "yes"))
                        .build())
                .create();
        assertThatThrownBy(() -> applier.apply(NodesConfig.desired(cluster), context))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("NameTaken"))
                .hasMessageContaining("ConfigMap main-nodes");
        assertThat(configMap().getData()).containsOnlyKeys("mine");
    }

    @Test
    void doesNotBelieveACacheThatKnowsNoObject() {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("main-nodes")
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        Context<?> cached = TestContext.of(client, Set.of(ApiConfig.desired(cluster)));
        assertThatThrownBy(() -> applier.apply(NodesConfig.desired(cluster), cached))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void asksACacheAndNotKubernetes() throws InterruptedException {
        List<HasMetadata> wanted = ClusterResources.of(cluster, Examples.LEAST).wanted();
        wanted.forEach(object -> applier.apply(object, context));
        claim(0, "10Gi", "growing");
        Set<HasMetadata> cache = new HashSet<>();
        wanted.forEach(object -> cache.add(client.resource(object).get()));
        cache.add(claim(0));
        drainRequests();
        Context<?> cached = TestContext.of(client, cache);
        assertThat(wanted)
                .allSatisfy(object ->
                        assertThat(applier.apply(object, cached).kind()).isEqualTo(Outcome.Kind.UNCHANGED));
        assertThat(drainRequests()).isEmpty();
    }

    @Test
    void takesUpWhatItMadeAndWhatLostItsOwner() {
        ConfigMap orphan = NodesConfig.desired(cluster);
        orphan.getMetadata().setOwnerReferences(List.<OwnerReference>of());
        client.resource(orphan).create();
        assertThat(applier.apply(NodesConfig.desired(cluster), context).kind()).isEqualTo(Outcome.Kind.CHANGED);
        assertThat(configMap().getMetadata().getOwnerReferences()).hasSize(1);
    }

    @Test
    void waitsForWhatBelongsToAFormerClusterOfTheName() {
        StorageCluster former = Examples.full();
        client.resource(NodesConfig.desired(former)).create();
        Outcome outcome = applier.apply(NodesConfig.desired(cluster), context);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.WAITING);
        assertThat(outcome.message()).contains("ConfigMap main-nodes");
    }

    @Test
    void removesWhatIsItsOwnAndNothingElse() {
        HorizontalPodAutoscaler unwanted =
                (HorizontalPodAutoscaler) ClusterResources.of(cluster, Examples.LEAST).unwanted().stream()
                        .filter(HorizontalPodAutoscaler.class::isInstance)
                        .findFirst()
                        .orElseThrow();
        assertThat(applier.remove(unwanted, context).kind()).isEqualTo(Outcome.Kind.UNCHANGED);

        StorageCluster other = Examples.full();
        HorizontalPodAutoscaler foreign = ApiAutoscaler.desired(other);
        client.resource(foreign).create();
        assertThat(applier.remove(unwanted, context).kind()).isEqualTo(Outcome.Kind.UNCHANGED);
        assertThat(client.resource(foreign).get()).isNotNull();

        client.resource(foreign).delete();
        foreign.getMetadata().setOwnerReferences(unwanted.getMetadata().getOwnerReferences());
        foreign.getMetadata().setResourceVersion(null);
        client.resource(foreign).create();
        assertThat(applier.remove(unwanted, context).kind()).isEqualTo(Outcome.Kind.REMOVED);
        assertThat(client.resource(foreign).get()).isNull();
    }

    @Test
    void disksThatCannotGrowAreRefusedAndNothingIsTouched() {
        applier.apply(nodes(), context);
        claim(0, "10Gi", "fixed");
        storageClass("fixed", false);
        size("20Gi");
        assertThatThrownBy(() -> applier.apply(nodes(), context))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("VolumeExpansionNotSupported"))
                .hasMessageContaining("spec.storage.size")
                .hasMessageContaining("'fixed'");
        assertThat(Claims.size(claim(0))).isEqualTo(new Quantity("10Gi"));
        assertThat(client.resource(nodes()).get()).isNotNull();
    }

    @Test
    void oneClassThatCannotGrowHoldsBackAllClaims() {
        applier.apply(nodes(), context);
        claim(0, "10Gi", "growing");
        claim(1, "10Gi", "fixed");
        storageClass("growing", true);
        storageClass("fixed", false);
        size("20Gi");
        assertThatThrownBy(() -> applier.apply(nodes(), context)).isInstanceOf(RefusedException.class);
        assertThat(Claims.size(claim(0))).isEqualTo(new Quantity("10Gi"));
    }

    @Test
    void claimsGrowAndTheStatefulSetIsTakenAwayFromAroundThePods() {
        applier.apply(nodes(), context);
        IntStream.range(0, 3).forEach(ordinal -> claim(ordinal, "10Gi", "growing"));
        storageClass("growing", true);
        size("20Gi");
        observed();
        Outcome outcome = applier.apply(nodes(), context);
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.WAITING);
        assertThat(IntStream.range(0, 3).mapToObj(this::claim).map(Claims::size))
                .containsOnly(new Quantity("20Gi"));
        assertThat(client.resource(nodes()).get()).isNull();
        assertThat(applier.apply(nodes(), context).kind()).isEqualTo(Outcome.Kind.CREATED);
        assertThat(applier.apply(nodes(), context).kind()).isEqualTo(Outcome.Kind.UNCHANGED);
    }

    @Test
    void claimsThatGoWithTheStatefulSetAreGivenUpFirst() {
        cluster = Examples.full();
        ClusterResources.of(cluster, Examples.MOST);
        applier.apply(nodes(), context);
        claim(0, "500Gi", "growing");
        storageClass("growing", true);
        StatefulSet made = client.resource(nodes()).get();
        own(made, 0);
        size("600Gi");
        observed();

        Outcome first = applier.apply(nodes(), context);
        assertThat(first.message()).contains("keep the claims");
        assertThat(retention()).isEqualTo("Retain");
        observed();
        assertThat(applier.apply(nodes(), context).message()).contains("give up the claims");
        assertThat(client.resource(nodes()).get()).isNotNull();

        disown(0);
        applier.apply(nodes(), context);
        assertThat(client.resource(nodes()).get()).isNull();
        applier.apply(nodes(), context);
        assertThat(retention()).isEqualTo("Delete");
        assertThat(claim(0)).isNotNull();
    }

    @Test
    void anOldViewOfTheStatefulSetDoesNoHarm() {
        applier.apply(nodes(), context);
        observed();
        HasMetadata old = client.resource(nodes()).get();
        size("20Gi");
        Context<?> late = TestContext.of(client, Set.of(old));
        applier.apply(nodes(), late);
        applier.apply(nodes(), context);
        StatefulSet anew = client.resource(nodes()).get();
        assertThat(applier.apply(nodes(), late).kind()).isEqualTo(Outcome.Kind.WAITING);
        assertThat(client.resource(nodes()).get().getMetadata().getUid())
                .isEqualTo(anew.getMetadata().getUid());
    }

    @Test
    void otherImmutableFieldsAreRefused() {
        StatefulSet before = nodes();
        StatefulSet otherService = new StatefulSetBuilder(before)
                .editSpec()
                .withServiceName("other")
                .endSpec()
                .build();
        assertThatThrownBy(() -> StatefulSetChange.of(before, otherService))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("ImmutableField"))
                .hasMessageContaining("spec.serviceName is main-nodes and should be other");
        size("5Gi");
        assertThatThrownBy(() -> StatefulSetChange.of(before, nodes()))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("StorageCannotShrink"));
    }

    @Test
    void anotherSpellingOfASizeIsNoChange() {
        StatefulSet before = nodes();
        size("10240Mi");
        assertThat(StatefulSetChange.of(before, nodes())).isEqualTo(StatefulSetChange.IN_PLACE);
    }

    private StatefulSet nodes() {
        return NodesStatefulSet.desired(cluster, Examples.LEAST);
    }

    private void size(String size) {
        cluster.setSpec(StorageClusterSpecBuilder.builder(cluster.getSpec())
                .storage(StorageSpecBuilder.builder(cluster.getSpec().storage())
                        .size(new Quantity(size))
                        .build())
                .build());
    }

    private ConfigMap configMap() {
        return client.configMaps().inNamespace(NAMESPACE).withName("main-nodes").get();
    }

    private String retention() {
        return client.resource(nodes())
                .get()
                .getSpec()
                .getPersistentVolumeClaimRetentionPolicy()
                .getWhenDeleted();
    }

    /** As the StatefulSet's own controller would say. */
    private void observed() {
        StatefulSet set = client.resource(nodes()).get();
        set.setStatus(new StatefulSetBuilder()
                .withNewStatus()
                .withObservedGeneration(set.getMetadata().getGeneration())
                .endStatus()
                .buildStatus());
        client.resource(set).updateStatus();
    }

    private void claim(int ordinal, String size, String storageClass) {
        client.resource(new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withName(Names.claim(Names.node(cluster, ordinal)))
                        .withNamespace(NAMESPACE)
                        .withLabels(Names.selector(cluster, Names.STORAGE_NODE))
                        .endMetadata()
                        .withNewSpec()
                        .withStorageClassName(storageClass)
                        .withNewResources()
                        .addToRequests("storage", new Quantity(size))
                        .endResources()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Bound")
                        .endStatus()
                        .build())
                .create();
        if (claim(ordinal).getStatus() == null) {
            PersistentVolumeClaim claim = claim(ordinal);
            claim.setStatus(new PersistentVolumeClaimBuilder()
                    .withNewStatus()
                    .withPhase("Bound")
                    .endStatus()
                    .buildStatus());
            client.resource(claim).updateStatus();
        }
    }

    private PersistentVolumeClaim claim(int ordinal) {
        return client.persistentVolumeClaims()
                .inNamespace(NAMESPACE)
                .withName(Names.claim(Names.node(cluster, ordinal)))
                .get();
    }

    private void own(StatefulSet owner, int ordinal) {
        PersistentVolumeClaim claim = claim(ordinal);
        claim.addOwnerReference(owner);
        client.resource(claim).update();
    }

    private void disown(int ordinal) {
        PersistentVolumeClaim claim = claim(ordinal);
        claim.getMetadata().setOwnerReferences(List.of());
        client.resource(claim).update();
    }

    private void storageClass(String name, boolean grows) {
        client.resource(new StorageClassBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withProvisioner("example.org/disk")
                        .withAllowVolumeExpansion(grows)
                        .build())
                .create();
    }

    private List<String> drainRequests() throws InterruptedException {
        List<String> requests = new ArrayList<>();
        while (server.getRequestCount() > seen) {
            var request = server.takeRequest();
            requests.add(request.getMethod() + " " + request.getPath());
            seen++;
        }
        return requests;
    }
}
