package io.moorage.operator.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.user.StorageUserSpecBuilder;
import io.moorage.operator.events.EventRecorder;
import io.moorage.operator.testing.TestKubernetes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StorageUserReconcilerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestKubernetes kubernetes = new TestKubernetes();

    @BeforeEach
    void start() {
        kubernetes.run(new StorageUserReconciler(
                new EventRecorder(kubernetes.client(), InstantSource.system()), InstantSource.system()));
    }

    @AfterEach
    void stop() {
        kubernetes.close();
    }

    @Test
    void userWaitsForItsClusterAndHasKeysInASecret() {
        create(spec -> spec.secretName("keys"));
        awaitReady("False ClusterNotFound");
        kubernetes.cluster("c", 3);
        awaitReady("True KeysInSecret");
        assertThat(value("keys", "accessKeyId")).hasSize(20).matches("[A-Z0-9]+");
        assertThat(value("keys", "secretAccessKey")).hasSize(40);
        assertThat(value("keys", "endpoint")).isEqualTo("http://c-api." + kubernetes.namespace() + ".svc:9000");
        assertThat(user().getStatus().accessKeyId()).isEqualTo(value("keys", "accessKeyId"));
        assertThat(user().getStatus().secretRef().name()).isEqualTo("keys");
        assertThat(secret("keys").hasOwnerReferenceFor(user())).isTrue();
        assertThat(TestKubernetes.show(user().getStatus().conditions(), Moorage.DEGRADED))
                .isEqualTo("False AsAsked");
    }

    @Test
    void rotationKeepsTheFormerKeysForAWhile() {
        ready(spec -> spec.rotationGrace("4s"));
        String id = value("u", "accessKeyId");
        String secret = value("u", "secretAccessKey");
        annotate("one");
        await().atMost(PATIENCE).until(() -> "one".equals(user().getStatus().rotation()));
        assertThat(value("u", "accessKeyId")).isNotEqualTo(id);
        assertThat(value("u", "formerAccessKeyId")).isEqualTo(id);
        assertThat(value("u", "formerSecretAccessKey")).isEqualTo(secret);
        assertThat(user().getStatus().formerAccessKeyId()).isEqualTo(id);
        String now = value("u", "accessKeyId");
        await().atMost(PATIENCE).until(() -> user().getStatus().formerAccessKeyId() == null);
        assertThat(secret("u").getData()).doesNotContainKeys("formerAccessKeyId", "formerSecretAccessKey");
        assertThat(value("u", "accessKeyId")).isEqualTo(now);
    }

    @Test
    void whatSomebodyChangedInTheSecretIsPutRight() {
        ready(spec -> {});
        String id = value("u", "accessKeyId");
        edit(Map.of("endpoint", "elsewhere", "theirs", "stays"));
        await().atMost(PATIENCE).until(() -> value("u", "endpoint").startsWith("http://c-api"));
        assertThat(value("u", "accessKeyId")).isEqualTo(id);
        if (TestKubernetes.isReal()) {
            assertThat(value("u", "theirs")).isEqualTo("stays");
        }
        edit(Map.of("secretAccessKey", "guessed"));
        await().atMost(PATIENCE).until(() -> !value("u", "secretAccessKey").equals("guessed"));
        await().atMost(PATIENCE).until(() -> user().getStatus().accessKeyId().equals(value("u", "accessKeyId")));
        kubernetes.delete(Secret.class, "u");
        await().atMost(PATIENCE).until(() -> secret("u") != null);
        await().atMost(PATIENCE).until(() -> user().getStatus().accessKeyId().equals(value("u", "accessKeyId")));
        await().atMost(PATIENCE).until(() -> kubernetes.events("u").contains("KeysReplaced"));
    }

    @Test
    void secretOfSomebodyElseIsNotTouched() {
        kubernetes.create(new SecretBuilder()
                .withNewMetadata()
                .withName("u")
                .endMetadata()
                .addToData("accessKeyId", encode("theirs"))
                .build());
        kubernetes.cluster("c", 3);
        create(spec -> {});
        awaitReady("False SecretNotOurs");
        assertThat(value("u", "accessKeyId")).isEqualTo("theirs");
    }

    @Test
    void suspensionShows() {
        ready(spec -> spec.suspended(true), "False Suspended");
        assertThat(value("u", "accessKeyId")).hasSize(20);
    }

    private void ready(Consumer<StorageUserSpecBuilder> settings) {
        ready(settings, "True KeysInSecret");
    }

    private void ready(Consumer<StorageUserSpecBuilder> settings, String expected) {
        kubernetes.cluster("c", 3);
        create(settings);
        awaitReady(expected);
    }

    private void create(Consumer<StorageUserSpecBuilder> settings) {
        StorageUser user = new StorageUser();
        user.setMetadata(new ObjectMetaBuilder().withName("u").build());
        StorageUserSpecBuilder spec = StorageUserSpecBuilder.builder().clusterRef(new Reference("c"));
        settings.accept(spec);
        user.setSpec(spec.build());
        kubernetes.create(user);
    }

    private void annotate(String rotation) {
        kubernetes
                .client()
                .resources(StorageUser.class)
                .inNamespace(kubernetes.namespace())
                .withName("u")
                .edit(user -> {
                    user.getMetadata().setAnnotations(Map.of(Moorage.ROTATE_ANNOTATION, rotation));
                    return user;
                });
    }

    private void edit(Map<String, String> values) {
        kubernetes
                .client()
                .secrets()
                .inNamespace(kubernetes.namespace())
                .withName("u")
                .edit(secret -> {
                    values.forEach((key, value) -> secret.getData().put(key, encode(value)));
                    return secret;
                });
    }

    private StorageUser user() {
        return kubernetes.get(StorageUser.class, "u");
    }

    private Secret secret(String name) {
        return kubernetes.get(Secret.class, name);
    }

    private String value(String secret, String key) {
        return new String(Base64.getDecoder().decode(secret(secret).getData().get(key)), StandardCharsets.UTF_8);
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitReady(String expected) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(user().getStatus()).isNotNull();
            assertThat(TestKubernetes.show(user().getStatus().conditions(), Moorage.READY))
                    .isEqualTo(expected);
        });
    }
}
