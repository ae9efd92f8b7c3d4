package io.moorage.operator.cluster.resources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.cluster.ApiAutoscalingBuilder;
import io.moorage.crds.v1alpha1.cluster.ApiSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.ClaimPolicy;
import io.moorage.crds.v1alpha1.cluster.PlacementBuilder;
import io.moorage.crds.v1alpha1.cluster.PullPolicy;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpec;
import io.moorage.crds.v1alpha1.cluster.StorageClusterSpecBuilder;
import io.moorage.crds.v1alpha1.cluster.StorageSpecBuilder;
import io.moorage.operator.naming.Names;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same on a real Kubernetes, which keeps managed fields, refuses to change immutable ones, and runs the controllers of
 * StatefulSets. It needs the definitions of our resources and a default StorageClass whose volumes can grow. Pods need not run.
 *
 * <pre>KUBECONFIG=... MOORAGE_KUBERNETES_TEST_NAMESPACE=resources-test ./mvnw -pl operator -am test
 *     -Dtest=ApplierOnKubernetesTest -Dsurefire.failIfNoSpecifiedTests=false</pre>
 *
 * <p>The namespace is made, and deleted at the end.
 */
@EnabledIfEnvironmentVariable(named = ApplierOnKubernetesTest.VARIABLE, matches = ".+")
class ApplierOnKubernetesTest {
    static final String VARIABLE = "MOORAGE_KUBERNETES_TEST_NAMESPACE";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PASSES = 100;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final String NO_IMAGE = "registry.invalid/moorage:none";

    /** Requests that are no reads. */
    private static final Queue<String> WRITES = new ConcurrentLinkedQueue<>();

    private static KubernetesClient client;
    private static String namespace;

    private Context<?> context;
    private StorageCluster cluster;

    @BeforeAll
    static void connect() {
        namespace = System.getenv(VARIABLE);
        client = new KubernetesClientBuilder()
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("writes", new Interceptor() {
                    @Override
                    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
                        if (!request.method().equals("GET")) {
                            WRITES.add(request.method() + " " + request.uri());
                        }
                    }
                }))
                .build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))
                        .endMetadata()
                        .build())
                .createOr(existing -> existing.update());
    }

    @AfterAll
    static void leave() {
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @BeforeEach
    void begin(TestInfo test) {
        context = TestContext.of(client);
        StorageCluster made = new StorageCluster();
        made.setMetadata(new ObjectMetaBuilder()
                .withName("t" + Integer.toHexString(test.getDisplayName().hashCode()))
                .withNamespace(namespace)
                .build());
        made.setSpec(StorageClusterSpecBuilder.builder()
                .image(NO_IMAGE)
                .imagePullPolicy(PullPolicy.NEVER)
                .resources(new ResourceRequirementsBuilder()
                        .addToRequests("cpu", new Quantity("0.005"))
                        .addToRequests("memory", new Quantity("16384Ki"))
                        .build())
                .storage(StorageSpecBuilder.builder().size(new Quantity("1Gi")).build())
                .build());
        cluster = client.resource(made).create();
    }

    @AfterEach
    void end() {
        client.resource(cluster).delete();
        client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .delete();
    }

    @Test
    void anUnchangedClusterIsNotWrittenAlsoByAnOperatorThatHasJustStarted() {
        everything();
        settle();
        Map<String, List<String>> before = versions();
        Set<HasMetadata> cache = new HashSet<>(claims());
        resources().wanted().forEach(object -> cache.add(client.resource(object).get()));
        WRITES.clear();
        for (String operator : List.of("first", "second", "third")) {
            Applier applier = new Applier(Set.of());
            long start = System.nanoTime();
            Map<String, Outcome> outcomes = apply(applier);
            long compared = System.nanoTime();
            assertThat(outcomes)
                    .allSatisfy((name, outcome) -> assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNCHANGED));
            context = TestContext.of(client, cache);
            long cached = CPU.getCurrentThreadCpuTime();
            for (int pass = 0; pass < PASSES; pass++) {
                apply(applier);
            }
            System.out.printf(
                    "%s operator: %d objects asked for and compared in %d ms; cached and known in %.1f ms of CPU%n",
                    operator,
                    outcomes.size(),
                    (compared - start) / 1_000_000,
                    (CPU.getCurrentThreadCpuTime() - cached) / 1e6 / PASSES);
            context = TestContext.of(client);
        }
        assertThat(WRITES)
                .as("by what Kubernetes says is ours, nothing has to be written")
                .isEmpty();
        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void whatOthersChangeOfOursIsPutBackAndTheirsStays() {
        settle();
        Service service = client.resource(NodesService.desired(cluster)).get();
        client.resource(service).edit(present -> {
            present.getMetadata().getLabels().put("example.org/team", "storage");
            present.getMetadata().getLabels().remove(Names.COMPONENT_LABEL);
            present.getSpec().setPublishNotReadyAddresses(false);
            return present;
        });
        merge(
                NodesStatefulSet.desired(cluster, inputs()),
                "{\"metadata\":{\"annotations\":{\"example.org/note\":\"mine\"}},"
                        + "\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"moorage.io/config-hash\":\"x\"}}}}}");
        assertThat(apply(new Applier(Set.of())).values())
                .extracting(Outcome::kind)
                .contains(Outcome.Kind.CHANGED);
        Service mended = client.resource(service).get();
        assertThat(mended.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(mended.getMetadata().getLabels())
                .containsEntry("example.org/team", "storage")
                .containsEntry(Names.COMPONENT_LABEL, Names.STORAGE_NODE);
        StatefulSet nodes = nodes();
        assertThat(nodes.getMetadata().getAnnotations()).containsEntry("example.org/note", "mine");
        assertThat(nodes.getSpec().getTemplate().getMetadata().getAnnotations())
                .containsEntry(
                        NodesStatefulSet.CONFIG_HASH,
                        NodesStatefulSet.desired(cluster, inputs())
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getAnnotations()
                                .get(NodesStatefulSet.CONFIG_HASH));
        settle();
    }

    @Test
    void whatIsTakenOutOfTheSpecGoes() {
        spec(spec -> spec.placement(PlacementBuilder.builder()
                .tolerations(List.of(new TolerationBuilder()
                        .withKey("disk")
                        .withOperator("Exists")
                        .build()))
                .build()));
        settle();
        assertThat(nodes().getSpec().getTemplate().getSpec().getTolerations()).hasSize(1);
        spec(spec -> spec.placement(PlacementBuilder.builder().build()));
        settle();
        assertThat(nodes().getSpec().getTemplate().getSpec().getTolerations()).isEmpty();
        Role role = client.resource(ApiAccess.role(cluster, List.of())).get();
        assertThat(role.getRules()).hasSize(3);
    }

    @Test
    void anAutoscalerTakesOverTheNumberOfApiServersWhereItIs() {
        spec(spec -> spec.api(ApiSpecBuilder.builder().replicas(4).build()));
        settle();
        assertThat(api().getSpec().getReplicas()).isEqualTo(4);
        spec(spec -> spec.api(ApiSpecBuilder.builder()
                .autoscaling(ApiAutoscalingBuilder.builder()
                        .minReplicas(2)
                        .maxReplicas(6)
                        .build())
                .build()));
        settle();
        assertThat(api().getSpec().getReplicas()).isEqualTo(4);
        client.resource(api()).scale(5);
        settle();
        assertThat(api().getSpec().getReplicas()).isEqualTo(5);
        spec(spec -> spec.api(ApiSpecBuilder.builder().replicas(1).build()));
        settle();
        assertThat(api().getSpec().getReplicas()).isEqualTo(1);
        assertThat(client.resource(ApiAutoscaler.desired(withAutoscaling())).get())
                .isNull();
    }

    @Test
    void disksGrowAroundPodsThatGoOn() {
        grow();
    }

    @Test
    void disksThatWouldGoWithTheClusterGrowToo() {
        spec(spec -> spec.storage(StorageSpecBuilder.builder()
                .size(new Quantity("1Gi"))
                .whenDeleted(ClaimPolicy.DELETE)
                .whenScaled(ClaimPolicy.DELETE)
                .build()));
        grow();
        assertThat(nodes().getSpec().getPersistentVolumeClaimRetentionPolicy().getWhenDeleted())
                .isEqualTo("Delete");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(claims())
                        .allSatisfy(claim -> assertThat(claim.getMetadata().getOwnerReferences())
                                .extracting(owner -> owner.getUid())
                                .containsExactly(nodes().getMetadata().getUid())));
    }

    @Test
    void whatKubernetesFindsInvalidIsRefusedWithItsWords() {
        spec(spec -> spec.placement(PlacementBuilder.builder()
                .tolerations(List.of(
                        new TolerationBuilder().withOperator("Sometimes").build()))
                .build()));
        assertThatThrownBy(() -> new Applier(Set.of()).apply(NodesStatefulSet.desired(cluster, inputs()), context))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.reason()).isEqualTo("RejectedByKubernetes"))
                .hasMessageContaining("tolerations")
                .hasMessageContaining("Sometimes");
    }

    @Test
    void aDeletedClusterLeavesItsDisks() {
        settle();
        await().atMost(PATIENCE).until(() -> claims().size() == 3);
        client.resource(cluster).delete();
        await().atMost(PATIENCE).until(() -> versions().isEmpty() && pods().isEmpty());
        assertThat(claims())
                .hasSize(3)
                .allSatisfy(claim ->
                        assertThat(claim.getMetadata().getDeletionTimestamp()).isNull());
    }

    /** Each step is made by another operator, as if the one before had been killed after it. */
    private void grow() {
        settle();
        await().atMost(PATIENCE)
                .until(() -> claims().size() == 3
                        && claims().stream()
                                .allMatch(claim ->
                                        "Bound".equals(claim.getStatus().getPhase())));
        await().atMost(PATIENCE).until(() -> pods().size() == 3);
        Map<String, String> pods = uids(pods());
        Map<String, String> claims = uids(claims());
        String set = nodes().getMetadata().getUid();
        spec(spec -> spec.storage(StorageSpecBuilder.builder(cluster.getSpec().storage())
                .size(new Quantity("2Gi"))
                .build()));
        long start = System.nanoTime();
        settle();
        System.out.printf("disks asked to grow within %d ms%n", (System.nanoTime() - start) / 1_000_000);
        assertThat(nodes().getMetadata().getUid()).isNotEqualTo(set);
        assertThat(Claims.size(nodes().getSpec().getVolumeClaimTemplates().get(0)))
                .isEqualTo(new Quantity("2Gi"));
        await().atMost(PATIENCE)
                .until(() -> Optional.ofNullable(nodes().getStatus().getReplicas())
                        .orElse(0)
                        .equals(3));
        assertThat(uids(pods())).isEqualTo(pods);
        assertThat(pods())
                .allSatisfy(pod -> assertThat(pod.getMetadata().getOwnerReferences())
                        .extracting(owner -> owner.getUid())
                        .containsExactly(nodes().getMetadata().getUid()))
                .allSatisfy(pod -> assertThat(pod.getMetadata().getLabels())
                        .containsEntry(
                                "controller-revision-hash", nodes().getStatus().getUpdateRevision()));
        assertThat(uids(claims())).isEqualTo(claims);
        assertThat(claims()).allSatisfy(claim -> assertThat(Claims.size(claim)).isEqualTo(new Quantity("2Gi")));
    }

    private void settle() {
        await().atMost(PATIENCE)
                .until(() -> apply(new Applier(Set.of())).values().stream()
                        .allMatch(outcome -> outcome.kind() == Outcome.Kind.UNCHANGED));
    }

    private Map<String, Outcome> apply(Applier applier) {
        Map<String, Outcome> outcomes = new TreeMap<>();
        resources().wanted().forEach(object -> outcomes.put(name(object), applier.apply(object, context)));
        resources().unwanted().forEach(object -> outcomes.put(name(object), applier.remove(object, context)));
        return outcomes;
    }

    private Map<String, List<String>> versions() {
        return resources().wanted().stream()
                .map(object -> client.resource(object).get())
                .filter(object -> object != null)
                .collect(Collectors.toMap(
                        ApplierOnKubernetesTest::name,
                        // The autoscaler and the controllers write too. The time of our fields changes by our writes
                        // only.
                        object -> object.getMetadata().getManagedFields().stream()
                                .filter(entry -> Names.OPERATOR.equals(entry.getManager()))
                                .map(entry -> entry.getTime())
                                .toList()));
    }

    private void everything() {
        spec(spec -> spec.placement(Examples.full().getSpec().placement())
                .config(Examples.full().getSpec().config())
                .imagePullSecrets(Examples.full().getSpec().imagePullSecrets())
                .api(Examples.full().getSpec().api()));
    }

    private void spec(UnaryOperator<StorageClusterSpecBuilder> change) {
        StorageClusterSpec changed = change.apply(StorageClusterSpecBuilder.builder(cluster.getSpec()))
                .build();
        cluster.setSpec(changed);
    }

    private StorageCluster withAutoscaling() {
        StorageCluster asking = Examples.full();
        asking.setMetadata(cluster.getMetadata());
        return asking;
    }

    private ResourceInputs inputs() {
        return new ResourceInputs(NO_IMAGE, 3, Optional.of("moorage-system"), false, List.of());
    }

    private ClusterResources resources() {
        return ClusterResources.of(cluster, inputs());
    }

    private StatefulSet nodes() {
        return client.resource(NodesStatefulSet.desired(cluster, inputs())).get();
    }

    private Deployment api() {
        return client.resource(ApiDeployment.desired(cluster, inputs())).get();
    }

    private List<Pod> pods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabels(Names.selector(cluster, Names.STORAGE_NODE))
                .list()
                .getItems();
    }

    private List<PersistentVolumeClaim> claims() {
        return Lookup.liveClaims(client, NodesStatefulSet.desired(cluster, inputs()));
    }

    private static Map<String, String> uids(List<? extends HasMetadata> objects) {
        return objects.stream()
                .collect(Collectors.toMap(
                        object -> object.getMetadata().getName(),
                        object -> object.getMetadata().getUid()));
    }

    private static void merge(HasMetadata object, String patch) {
        client.resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static String name(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }
}
