package io.moorage.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API by the client that the operator uses. */
class ResourcesTest {
    private static final String VOLUME = """
            apiVersion: moorage.io/v1alpha1
            kind: Volume
            metadata: {name: photos, namespace: default}
            spec: {clusterRef: {name: main}, size: 5Gi, replicas: 3}
            """;

    @TempDir
    Path directory;

    private TestKubernetes kubernetes;

    @BeforeEach
    void start() throws Exception {
        kubernetes = new TestKubernetes(directory);
    }

    @AfterEach
    void stop() throws Exception {
        kubernetes.close();
    }

    private static Volume volume() {
        return Serialization.unmarshal(VOLUME, Volume.class);
    }

    private Volume get() {
        return kubernetes
                .client
                .resources(Volume.class)
                .inNamespace("default")
                .withName("photos")
                .get();
    }

    private static PatchContext apply(String manager, boolean force) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(manager)
                .withForce(force)
                .build();
    }

    private GenericKubernetesResource apply(String manager, boolean force, String yaml) {
        return kubernetes
                .client
                .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                .inNamespace("default")
                .patch(apply(manager, force));
    }

    @Test
    void defaultsVersionsAndGenerations() {
        kubernetes.client.resource(volume()).create();
        Volume made = get();
        assertThat(made.getMetadata().getUid()).isNotBlank();
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(made.getSpec().deletionPolicy()).isNotNull();

        Volume labelled = kubernetes.client.resource(made).edit(volume -> {
            volume.getMetadata().setLabels(Map.of("a", "b"));
            return volume;
        });
        assertThat(labelled.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(labelled.getMetadata().getResourceVersion())
                .isNotEqualTo(made.getMetadata().getResourceVersion());

        assertThatThrownBy(() ->
                        kubernetes.client.resource(made).lockResourceVersion().update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThatThrownBy(() -> kubernetes.client.resource(volume()).create()).hasMessageContaining("already exists");
    }

    @Test
    void statusIsASubresource() {
        kubernetes.client.resource(volume()).create();
        String before = get().getMetadata().getResourceVersion();
        var resource = kubernetes
                .client
                .genericKubernetesResources("moorage.io/v1alpha1", "Volume")
                .inNamespace("default")
                .withName("photos");
        resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"status\":{\"leader\":\"x\"}}");
        assertThat(get().getStatus())
                .as("the resource's path leaves the status")
                .isNull();
        assertThat(get().getMetadata().getResourceVersion()).isEqualTo(before);

        resource.subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"status\":{\"leader\":\"x\"},\"spec\":{\"size\":\"9Gi\"}}");
        assertThat(get().getStatus().leader()).isEqualTo("x");
        assertThat(get().getSpec().size().toString()).isEqualTo("5Gi");
        assertThat(get().getMetadata().getGeneration()).isEqualTo(1);
    }

    @Test
    void appliedFieldsBelongToWhoAppliesThem() {
        String full = """
                apiVersion: moorage.io/v1alpha1
                kind: Volume
                metadata: {name: photos, labels: {mine: "1", other: "2"}}
                spec: {clusterRef: {name: main}, size: 5Gi}
                """;
        apply("one", false, full);
        String version = get().getMetadata().getResourceVersion();
        apply("one", false, full);
        assertThat(get().getMetadata().getResourceVersion())
                .as("nothing has changed")
                .isEqualTo(version);

        KubernetesClientException conflict = catchThrowableOfType(
                KubernetesClientException.class, () -> apply("two", false, full.replace("5Gi", "6Gi")));
        assertThat(conflict.getCode()).isEqualTo(409);
        assertThat(conflict).hasMessageContaining("one").hasMessageContaining(".spec.size");
        apply("two", true, """
                apiVersion: moorage.io/v1alpha1
                kind: Volume
                metadata: {name: photos, labels: {other: "2"}}
                spec: {size: 6Gi}
                """);
        assertThat(get().getSpec().size().toString()).isEqualTo("6Gi");

        apply("one", false, """
                apiVersion: moorage.io/v1alpha1
                kind: Volume
                metadata: {name: photos}
                spec: {clusterRef: {name: main}}
                """);
        assertThat(get().getMetadata().getLabels())
                .as("what nobody applies any more is gone, what somebody else applies stays")
                .containsExactly(Map.entry("other", "2"));
        assertThat(get().getSpec().size().toString()).isEqualTo("6Gi");
        assertThat(get().getMetadata().getManagedFields())
                .extracting("manager", "operation")
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("one", "Apply"),
                        org.assertj.core.groups.Tuple.tuple("two", "Apply"));
    }

    @Test
    void listsOfBuiltInResourcesAreMergedByTheirKeys() {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withName("s")
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withName("a")
                .withPort(1)
                .endPort()
                .endSpec()
                .build();
        kubernetes.client.resource(service).patch(apply("one", false));
        Service other = new ServiceBuilder(service)
                .editSpec()
                .withPorts(List.of())
                .addNewPort()
                .withName("b")
                .withPort(2)
                .endPort()
                .endSpec()
                .build();
        kubernetes.client.resource(other).patch(apply("two", false));
        assertThat(ports()).containsExactlyInAnyOrder(1, 2);
        kubernetes
                .client
                .services()
                .withName("s")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"spec\":{\"ports\":[{\"port\":1,\"$patch\":\"delete\"}]}}");
        assertThat(ports()).containsExactly(2);
    }

    private List<Integer> ports() {
        return kubernetes.client.services().withName("s").get().getSpec().getPorts().stream()
                .map(io.fabric8.kubernetes.api.model.ServicePort::getPort)
                .toList();
    }

    @Test
    void refusesWhatIsWrongAndNamesTheField() {
        kubernetes.client.resource(volume()).create();
        var resource = kubernetes
                .client
                .genericKubernetesResources("moorage.io/v1alpha1", "Volume")
                .inNamespace("default")
                .withName("photos");
        KubernetesClientException shrunk = catchThrowableOfType(
                KubernetesClientException.class,
                () -> resource.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"size\":\"1Gi\"}}"));
        assertThat(shrunk.getCode()).isEqualTo(422);
        assertThat(shrunk.getStatus().getDetails().getCauses())
                .singleElement()
                .satisfies(cause -> assertThat(cause.getField()).isEqualTo("spec.size"));
        assertThatThrownBy(() -> resource.patch(
                        PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"consistency\":\"Perhaps\"}}"))
                .hasMessageContaining("spec.consistency");
        assertThat(get().getSpec().size().toString()).isEqualTo("5Gi");
    }

    @Test
    void finalizersHoldBackTheEnd() {
        Volume held = volume();
        held.addFinalizer("moorage.io/test");
        kubernetes.client.resource(held).create();
        kubernetes.client.resource(held).delete();
        assertThat(get().isMarkedForDeletion()).isTrue();
        kubernetes.client.resource(get()).edit(volume -> {
            volume.removeFinalizer("moorage.io/test");
            return volume;
        });
        assertThat(get()).isNull();
    }

    @Test
    void scaleChangesTheNodes() {
        kubernetes
                .client
                .resource(Serialization.unmarshal(
                        "apiVersion: moorage.io/v1alpha1\nkind: StorageCluster\nmetadata: {name: main}\nspec: {nodes: 3}",
                        StorageCluster.class))
                .create();
        var resource = kubernetes
                .client
                .resources(StorageCluster.class)
                .inNamespace("default")
                .withName("main");
        resource.scale(5);
        assertThat(resource.get().getSpec().nodes()).isEqualTo(5);
        assertThat(resource.get().getMetadata().getGeneration()).isEqualTo(2);
    }

    @Test
    void watchesGoOnFromAVersion() {
        ConfigMap first = kubernetes.client.resource(map("first")).create();
        kubernetes.client.resource(map("second")).create();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var watch = kubernetes
                .client
                .configMaps()
                .inNamespace("default")
                .withResourceVersion(first.getMetadata().getResourceVersion())
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        // Bookmarks come whenever the server likes.
                        if (action != Action.BOOKMARK) {
                            seen.add(action + " " + map.getMetadata().getName());
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        seen.add("closed");
                    }
                })) {
            await().until(() -> seen.contains("ADDED second"));
            kubernetes.client.resource(first).delete();
            await().until(() -> seen.contains("DELETED first"));
            assertThat(seen).containsExactly("ADDED second", "DELETED first");
        }
    }

    @Test
    void informersSeeWhatIsThereAndWhatComes() {
        kubernetes.client.resource(map("first")).create();
        try (var informer =
                kubernetes.client.configMaps().inNamespace("default").inform()) {
            await().until(() -> informer.getStore().list().size() == 1);
            kubernetes.client.resource(map("second")).create();
            await().until(() -> informer.getStore().list().size() == 2);
        }
    }

    @Test
    void selectorsOfLabelsAndFields() {
        for (String name : List.of("a", "b", "c")) {
            kubernetes
                    .client
                    .resource(new ConfigMapBuilder(map(name))
                            .editMetadata()
                            .addToLabels("n", name)
                            .endMetadata()
                            .build())
                    .create();
        }
        assertThat(kubernetes
                        .client
                        .configMaps()
                        .inNamespace("default")
                        .withLabelIn("n", "a", "b")
                        .list()
                        .getItems())
                .hasSize(2);
        assertThat(kubernetes
                        .client
                        .configMaps()
                        .inNamespace("default")
                        .withLabel("n", "a")
                        .list()
                        .getItems())
                .hasSize(1);
        assertThat(kubernetes
                        .client
                        .configMaps()
                        .inNamespace("default")
                        .withoutLabel("n", "a")
                        .list()
                        .getItems())
                .hasSize(2);
        assertThat(kubernetes
                        .client
                        .configMaps()
                        .inNamespace("default")
                        .withField("metadata.name", "c")
                        .list()
                        .getItems())
                .hasSize(1);
    }

    @Test
    void everythingIsThereAfterARestart() throws Exception {
        kubernetes.client.resource(volume()).create();
        Volume before = get();
        kubernetes.close();
        kubernetes = new TestKubernetes(directory);
        assertThat(get()).isEqualTo(before);
        kubernetes.client.resource(map("next")).create();
        assertThat(Long.parseLong(kubernetes
                        .client
                        .configMaps()
                        .withName("next")
                        .get()
                        .getMetadata()
                        .getResourceVersion()))
                .isGreaterThan(Long.parseLong(before.getMetadata().getResourceVersion()));
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("a", "b")
                .build();
    }
}
