package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moorage.api.config.ApiConfig;
import io.moorage.api.kubernetes.KubernetesConnection;
import io.moorage.api.kubernetes.KubernetesUsers;
import io.moorage.api.users.AccessKey;
import io.moorage.api.users.Grant;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageUser;
import io.moorage.crds.v1alpha1.user.Access;
import io.moorage.crds.v1alpha1.user.StorageUserSpec;
import io.moorage.crds.v1alpha1.user.StorageUserStatusBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Users as the operator leaves them in Kubernetes. */
class KubernetesUsersTest {
    private static final String NAMESPACE = "storage";

    @Test
    void keysAreThoseOfTheSecretAndStayKnownWhileKubernetesIsAway() throws Exception {
        try (FakeKubernetes kubernetes = new FakeKubernetes();
                KubernetesClient client = kubernetes.client()) {
            user(client, "ann", "local", Instant.now().plusSeconds(600));
            user(client, "old", "local", Instant.now().minusSeconds(1));
            user(client, "stranger", "other-cluster", Instant.now().plusSeconds(600));
            KubernetesConnection connection =
                    KubernetesConnection.open(new ApiConfig.Kubernetes("local", NAMESPACE, kubernetes.url()));
            try (KubernetesUsers users = new KubernetesUsers(connection)) {
                assertThatThrownBy(() -> users.find("ID-ann")).isInstanceOf(MoorageException.class);
                users.start();
                await().atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> users.find("ID-ann").isPresent());
                AccessKey key = users.find("ID-ann").orElseThrow();
                assertThat(key.secret()).isEqualTo("secret-ann");
                assertThat(key.user().grants()).containsExactly(new Grant("photos", "a/", Grant.Access.READ_WRITE));
                assertThat(users.find("FORMER-ann").orElseThrow().secret()).isEqualTo("former-ann");
                assertThat(users.find("FORMER-old")).isEmpty();
                assertThat(users.find("ID-stranger")).isEmpty();
                assertThat(users.all()).extracting(it -> it.name()).containsExactly("ann", "old");

                // What the operator does when somebody makes a user here.
                CompletableFuture<AccessKey> made =
                        CompletableFuture.supplyAsync(() -> users.create("new", List.of(Grant.EVERYTHING)));
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> resource(client, "new").get() != null);
                StorageUser resource = resource(client, "new").get();
                keys(client, "new", Instant.now());
                resource.setStatus(status("new", Instant.now()));
                client.resource(resource).updateStatus();
                assertThat(made.join().id()).isEqualTo("ID-new");
                assertThatThrownBy(() -> users.create("new", List.of())).hasMessageContaining("exists already");
                assertThat(users.delete("new")).isTrue();
                assertThat(users.delete("new")).isFalse();

                assertThat(users.find("ID-ann")).isPresent();
                kubernetes.stop();
                assertThat(users.find("ID-ann")).isPresent();
                kubernetes.start();
            }
            connection.client().close();
        }
    }

    private static io.fabric8.kubernetes.client.dsl.Resource<StorageUser> resource(
            KubernetesClient client, String name) {
        return client.resources(StorageUser.class).inNamespace(NAMESPACE).withName(name);
    }

    private static void user(KubernetesClient client, String name, String cluster, Instant formerUntil) {
        StorageUser user = new StorageUser();
        user.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(NAMESPACE).build());
        user.setSpec(new StorageUserSpec(
                new Reference(cluster),
                null,
                List.of(new io.moorage.crds.v1alpha1.user.Grant("photos", "a/", Access.READ_WRITE)),
                false,
                null));
        user.setStatus(status(name, formerUntil));
        client.resource(user).create();
        client.resource(user).updateStatus();
        keys(client, name, formerUntil);
    }

    private static io.moorage.crds.v1alpha1.user.StorageUserStatus status(String name, Instant formerUntil) {
        return StorageUserStatusBuilder.builder()
                .accessKeyId("ID-" + name)
                .secretRef(new Reference(name))
                .formerAccessKeyId("FORMER-" + name)
                .formerExpirationTime(formerUntil.toString())
                .build();
    }

    private static void keys(KubernetesClient client, String name, Instant formerUntil) {
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .withData(Map.of(
                                "accessKeyId", base64("ID-" + name),
                                "secretAccessKey", base64("secret-" + name),
                                "formerAccessKeyId", base64("FORMER-" + name),
                                "formerSecretAccessKey", base64("former-" + name)))
                        .build())
                .create();
    }

    private static String base64(String text) {
        return java.util.Base64.getEncoder().encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
