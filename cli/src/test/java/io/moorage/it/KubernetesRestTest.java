package io.moorage.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.moorage.api.kubernetes.KubernetesControlPlane;
import io.moorage.client.MoorageClient;
import io.moorage.client.MoorageException;
import io.moorage.crds.v1alpha1.Moorage;
import io.moorage.crds.v1alpha1.Reference;
import io.moorage.crds.v1alpha1.StorageCluster;
import io.moorage.crds.v1alpha1.Volume;
import io.moorage.crds.v1alpha1.cluster.MaintenanceMode;
import io.moorage.crds.v1alpha1.volume.VolumeSpecBuilder;
import io.moorage.crds.v1alpha1.volume.VolumeStatusBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The REST API over custom resources: real storage nodes, a Kubernetes API in memory, and one that plays the operator. */
class KubernetesRestTest {
    private static final String NAMESPACE = RestCluster.NAMESPACE;
    private static final String VOLUMES = "/apis/moorage.io/v1alpha1/namespaces/storage/volumes";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path directory;

    private static RestCluster rest;
    private static InProcessCluster cluster;
    private static FakeKubernetes kubernetes;
    private static KubernetesClient admin;
    private static FakeOperator operator;
    private static String base;

    @BeforeAll
    static void start() throws Exception {
        rest = new RestCluster(directory, RestCluster.LIMITS);
        cluster = rest.nodes;
        kubernetes = rest.kubernetes;
        admin = rest.admin;
        operator = rest.operator;
        base = rest.url();
    }

    @AfterAll
    static void stop() {
        rest.close();
    }

    @AfterEach
    void goOn() {
        operator.hold(false);
    }

    @Test
    void volumeIsMadeShownChangedAndDeletedThroughItsResource() throws Exception {
        String body = "{\"name\":\"photos\",\"quota\":{\"bytes\":2000000},\"labels\":{\"team\":\"a\"}}";
        HttpResponse<byte[]> made = send("POST", "/storage/volumes", body);
        status(made, 201);
        assertThat(made.headers().firstValue("Location")).contains("/storage/volumes/photos");
        Volume resource = resource("photos");
        assertThat(resource.getSpec().clusterRef().name()).isEqualTo("local");
        assertThat(resource.getSpec().size().getNumericalAmount().longValue()).isEqualTo(2_000_000);
        assertThat(resource.getSpec().replicas()).isEqualTo(3);
        assertThat(resource.getMetadata().getLabels()).containsEntry("team", "a");
        status(send("POST", "/storage/volumes", body), 200);
        problem(send("POST", "/storage/volumes", "{\"name\":\"photos\"}"), 409, "already-exists");

        status(send("PUT", "/storage/volumes/photos/files/a/b", "hello"), 201);
        JsonNode shown = json(send("GET", "/storage/volumes/photos", null));
        assertThat(shown.at("/status/phase").asText()).isEqualTo("Ready");
        assertThat(shown.at("/status/replicas")).hasSize(3);
        await().untilAsserted(() -> assertThat(json(send("GET", "/storage/volumes/photos", null))
                        .at("/usage/bytes")
                        .asLong())
                .isEqualTo(5));
        status(send("PATCH", "/storage/volumes/photos", "{\"quota\":{\"entries\":1},\"consistency\":\"strong\"}"), 200);
        problem(send("PUT", "/storage/volumes/photos/files/c", "x"), 507, "quota-exceeded");
        status(send("PATCH", "/storage/volumes/photos", "{\"quota\":{\"bytes\":0,\"entries\":0}}"), 200);
        assertThat(resource("photos").getSpec().size()).isNull();
        status(send("PUT", "/storage/volumes/photos/files/c", "x"), 201);

        problem(send("DELETE", "/storage/volumes/photos", null), 409, "not-empty");
        status(send("GET", "/storage/volumes/photos/files/a/b", null), 200);
        status(send("DELETE", "/storage/volumes/photos?force=true", null), 204);
        assertThat(resource("photos")).isNull();
        problem(send("GET", "/storage/volumes/photos", null), 404, "volume-not-found");
        problem(send("GET", "/storage/volumes/photos/files/a/b", null), 404, "volume-not-found");
        problem(send("DELETE", "/storage/volumes/photos", null), 404, "volume-not-found");
        problem(send("PATCH", "/storage/volumes/photos", "{\"labels\":{}}"), 404, "volume-not-found");
    }

    @Test
    void emptyVolumeIsDeletedWithoutForceAndNeverByItsPolicyAlone() throws Exception {
        status(send("POST", "/storage/volumes", "{\"name\":\"empty\"}"), 201);
        operator.hold(true);
        status(send("DELETE", "/storage/volumes/empty?wait=0s", null), 202);
        assertThat(resource("empty").getSpec().deletionPolicy())
                .isEqualTo(io.moorage.crds.v1alpha1.volume.DeletionPolicy.RETAIN);
        operator.hold(false);
        await().untilAsserted(() -> assertThat(resource("empty")).isNull());
    }

    @Test
    void volumeThatTakesLongerIsAcceptedAndCanBeWatched() throws Exception {
        operator.hold(true);
        HttpResponse<byte[]> accepted = send("POST", "/storage/volumes?wait=100ms", "{\"name\":\"slow\"}");
        status(accepted, 202);
        assertThat(accepted.headers().firstValue("Location")).contains("/storage/volumes/slow");
        assertThat(accepted.headers().firstValue("Link")).contains("</storage/volumes/slow?wait=30s>; rel=\"monitor\"");
        assertThat(json(accepted).at("/status/phase").asText()).isEqualTo("Pending");
        assertThat(json(accepted).get("group").isNull()).isTrue();
        problem(send("PUT", "/storage/volumes/slow/files/f", "x"), 503, "unavailable");
        operator.hold(false);
        HttpResponse<byte[]> watched = send("GET", "/storage/volumes/slow?wait=30s", null);
        assertThat(json(watched).at("/status/phase").asText()).isEqualTo("Ready");
        status(send("PUT", "/storage/volumes/slow/files/f", "x"), 201);

        operator.hold(true);
        HttpResponse<byte[]> patched = send("PATCH", "/storage/volumes/slow?wait=0s", "{\"quota\":{\"entries\":7}}");
        status(patched, 202);
        HttpResponse<byte[]> deleted = send("DELETE", "/storage/volumes/slow?force=true&wait=100ms", null);
        status(deleted, 202);
        assertThat(json(deleted).at("/status/phase").asText()).isEqualTo("Deleting");
        await().untilAsserted(
                        () -> problem(send("GET", "/storage/volumes/slow/files/f", null), 404, "volume-not-found"));
        problem(send("POST", "/storage/volumes?wait=0s", "{\"name\":\"slow\"}"), 409, "already-exists");
        operator.hold(false);
        problem(send("GET", "/storage/volumes/slow?wait=30s", null), 404, "volume-not-found");
    }

    @ParameterizedTest
    @CsvSource({"10", "-1s", "61s", "2m", "soon", "''"})
    void badWaitIsRefused(String wait) throws Exception {
        problem(send("GET", "/storage/volumes/any?wait=" + wait, null), 400, "invalid-argument");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\":\"Bad_Name\"}         | volume name 'Bad_Name'",
                "{\"name\":\"system\"}           | reserved",
                "{\"name\":\"x\",\"replicas\":2} | must be odd",
                "{\"nmae\":\"x\"}              | 'nmae' is not known",
                "{\"name\":\"x\",\"consistency\":\"often\"} | must be strong, quorum or eventual",
                "{\"name\":                    | not JSON",
                "{}                            | 'name' is missing"
            })
    void badVolumesAreRefused(String body, String detail) throws Exception {
        HttpResponse<byte[]> response = send("POST", "/storage/volumes", body);
        problem(response, 400, "invalid-argument");
        assertThat(json(response).get("detail").asText()).contains(detail);
    }

    @Test
    void whatTheSchemaRefusesNamesTheField() throws Exception {
        Status refused = new StatusBuilder()
                .withStatus("Failure")
                .withCode(422)
                .withReason("Invalid")
                .withMessage("Volume.moorage.io \"tiny\" is invalid: ...")
                .withNewDetails()
                .addNewCause("spec.size", "Invalid value: must be a quantity of at least 1Mi", "FieldValueInvalid")
                .addNewCause("spec.replicas", "Invalid value: 9", "FieldValueInvalid")
                .endDetails()
                .build();
        kubernetes
                .server()
                .expect()
                .post()
                .withPath(VOLUMES)
                .andReturn(422, refused)
                .once();
        HttpResponse<byte[]> response =
                send("POST", "/storage/volumes", "{\"name\":\"tiny\",\"quota\":{\"bytes\":10}}");
        problem(response, 400, "invalid-argument");
        assertThat(json(response).get("detail").asText())
                .contains("quota.bytes (spec.size): Invalid value: must be a quantity of at least 1Mi")
                .contains("replicas (spec.replicas): Invalid value: 9");
    }

    @Test
    void missingRightIsNotTheClientsFault() throws Exception {
        Status forbidden = new StatusBuilder()
                .withStatus("Failure")
                .withCode(403)
                .withReason("Forbidden")
                .withMessage(
                        "volumes.moorage.io is forbidden: User \"system:serviceaccount:storage:local-api\" cannot create"
                                + " resource \"volumes\" in API group \"moorage.io\" in the namespace \"storage\"")
                .build();
        kubernetes
                .server()
                .expect()
                .post()
                .withPath(VOLUMES)
                .andReturn(403, forbidden)
                .once();
        HttpResponse<byte[]> response = send("POST", "/storage/volumes", "{\"name\":\"forbidden\"}");
        problem(response, 503, "unavailable");
        assertThat(json(response).get("detail").asText())
                .contains("log names the missing right")
                .doesNotContain("serviceaccount");
    }

    @Test
    void whatAPolicyRefusesIsTold() throws Exception {
        Status exceeded = new StatusBuilder()
                .withStatus("Failure")
                .withCode(403)
                .withReason("Forbidden")
                .withMessage("volumes.moorage.io \"many\" is forbidden: exceeded quota: count")
                .build();
        kubernetes
                .server()
                .expect()
                .post()
                .withPath(VOLUMES)
                .andReturn(403, exceeded)
                .once();
        HttpResponse<byte[]> response = send("POST", "/storage/volumes", "{\"name\":\"many\"}");
        problem(response, 503, "unavailable");
        assertThat(json(response).get("detail").asText()).contains("exceeded quota: count");
    }

    @Test
    void volumeThatCannotBeAllThatWasAskedForIsDegradedAndServed() throws Exception {
        status(send("POST", "/storage/volumes", "{\"name\":\"modest\"}"), 201);
        operator.hold(true);
        admin.resource(resource("modest")).editStatus(volume -> {
            volume.setStatus(VolumeStatusBuilder.builder(volume.getStatus())
                    .conditions(List.of(new ConditionBuilder()
                            .withType(Moorage.READY)
                            .withStatus("False")
                            .withReason(Moorage.NOT_SUPPORTED)
                            .withMessage("spec.compression is not supported")
                            .build()))
                    .build());
            return volume;
        });
        await().untilAsserted(() -> {
            JsonNode status = json(send("GET", "/storage/volumes/modest", null)).get("status");
            assertThat(status.get("phase").asText()).isEqualTo("Degraded");
            assertThat(status.get("reason").asText()).isEqualTo("spec.compression is not supported");
        });
        status(send("PUT", "/storage/volumes/modest/files/f", "x"), 201);
    }

    @Test
    void changeThatAlwaysLosesIsAConflictAndOneThatLosesOnceIsMadeAgain() throws Exception {
        status(send("POST", "/storage/volumes", "{\"name\":\"busy\"}"), 201);
        Status conflict = new StatusBuilder()
                .withStatus("Failure")
                .withCode(409)
                .withReason("Conflict")
                .withMessage("the object has been modified")
                .build();
        kubernetes
                .server()
                .expect()
                .patch()
                .withPath(VOLUMES + "/busy")
                .andReturn(409, conflict)
                .once();
        status(send("PATCH", "/storage/volumes/busy", "{\"quota\":{\"entries\":5}}"), 200);
        kubernetes
                .server()
                .expect()
                .patch()
                .withPath(VOLUMES + "/busy")
                .andReturn(409, conflict)
                .times(6);
        problem(send("PATCH", "/storage/volumes/busy", "{\"quota\":{\"entries\":6}}"), 409, "conflict");
        status(send("PATCH", "/storage/volumes/busy", "{\"quota\":{\"entries\":6}}"), 200);
    }

    @Test
    void labelsOfToolsStay() throws Exception {
        status(
                send("POST", "/storage/volumes", "{\"name\":\"labelled\",\"labels\":{\"team\":\"a\",\"tier\":\"1\"}}"),
                201);
        admin.resource(resource("labelled")).edit(volume -> {
            volume.getMetadata().getLabels().put("app.kubernetes.io/instance", "release");
            return volume;
        });
        status(send("PATCH", "/storage/volumes/labelled", "{\"labels\":{\"team\":\"b\"}}"), 200);
        assertThat(resource("labelled").getMetadata().getLabels())
                .isEqualTo(Map.of("team", "b", "app.kubernetes.io/instance", "release"));
    }

    @Test
    void volumesOfOtherClustersAreNotThisOnes() throws Exception {
        Volume other = new Volume();
        other.setMetadata(new ObjectMetaBuilder()
                .withName("foreign")
                .withNamespace(NAMESPACE)
                .build());
        other.setSpec(VolumeSpecBuilder.builder()
                .clusterRef(new Reference("elsewhere"))
                .build());
        admin.resource(other).create();
        problem(send("GET", "/storage/volumes/foreign", null), 404, "volume-not-found");
        problem(send("PUT", "/storage/volumes/foreign/files/f", "x"), 404, "volume-not-found");
        problem(send("DELETE", "/storage/volumes/foreign?force=true", null), 404, "volume-not-found");
        HttpResponse<byte[]> taken = send("POST", "/storage/volumes", "{\"name\":\"foreign\"}");
        problem(taken, 409, "already-exists");
        assertThat(json(taken).get("detail").asText()).contains("another StorageCluster");
        assertThat(new String(send("GET", "/storage/volumes", null).body(), StandardCharsets.UTF_8))
                .doesNotContain("foreign");
        assertThat(resource("foreign")).isNotNull();
    }

    @Test
    void nodesAreThoseOfTheClusterAndMaintainedThroughIt() throws Exception {
        JsonNode nodes = json(send("GET", "/storage/nodes", null)).get("items");
        assertThat(nodes).hasSize(3);
        assertThat(nodes.get(0).get("name").asText()).isEqualTo("node-0");
        assertThat(nodes.get(0).get("state").asText()).isEqualTo("Ready");
        HttpResponse<byte[]> cordoned = send("POST", "/storage/nodes/node-1/cordon", null);
        assertThat(json(cordoned).get("cordoned").asBoolean()).isTrue();
        assertThat(json(cordoned).get("maintenance").asText()).isEqualTo("cordoned");
        assertThat(storageCluster().getSpec().maintenance())
                .singleElement()
                .matches(entry -> entry.node().equals("node-1") && entry.mode() == MaintenanceMode.CORDON);
        assertThat(json(send("POST", "/storage/nodes/node-1/uncordon", null))
                        .get("cordoned")
                        .asBoolean())
                .isFalse();
        assertThat(storageCluster().getSpec().maintenance()).isEmpty();
        problem(send("POST", "/storage/nodes/node-1/drain", null), 409, "unsafe");
        problem(send("POST", "/storage/nodes/node-9/cordon", null), 404, "not-found");
        problem(send("POST", "/storage/nodes/node-9/drain", null), 404, "not-found");

        HttpResponse<byte[]> registered = send("POST", "/storage/nodes", "{\"address\":\"127.0.0.1:1\"}");
        problem(registered, 400, "invalid-argument");
        assertThat(json(registered).get("detail").asText())
                .contains("kubectl scale storagecluster/local --replicas=N -n storage");
        problem(send("DELETE", "/storage/nodes/node-1", null), 409, "unsafe");
        problem(send("DELETE", "/storage/nodes/node-9", null), 404, "not-found");
        problem(send("POST", "/storage/nodes", "{}"), 400, "invalid-argument");
        problem(send("POST", "/storage/nodes", "{\"count\":0}"), 400, "invalid-argument");
        status(send("POST", "/storage/nodes", "{\"count\":5}"), 202);
        assertThat(storageCluster().getSpec().nodes()).isEqualTo(5);
        status(send("POST", "/storage/nodes", "{\"count\":3}"), 202);
    }

    @Test
    void volumeMadeBySomebodyElseIsFoundAtOnce() throws Exception {
        try (KubernetesControlPlane other =
                new KubernetesControlPlane(RestCluster.connection(kubernetes), cluster.client())) {
            other.start();
            for (int i = 0; i < 5; i++) {
                status(send("POST", "/storage/volumes", "{\"name\":\"shared-" + i + "\"}"), 201);
                assertThat(other.resolve("shared-" + i)).isPresent();
            }
        }
    }

    @Test
    void filesGoOnWhileKubernetesIsAway() throws Exception {
        status(send("POST", "/storage/volumes", "{\"name\":\"lasting\"}"), 201);
        status(send("PUT", "/storage/volumes/lasting/files/before", "1"), 201);
        kubernetes.stop();
        try {
            await().untilAsserted(() -> assertThat(json(send("GET", "/storage/health", null))
                            .get("reason")
                            .asText())
                    .contains("Kubernetes API does not answer"));
            status(send("PUT", "/storage/volumes/lasting/files/during", "2"), 201);
            status(send("GET", "/storage/volumes/lasting/files/before", null), 200);
            status(send("GET", "/storage/health/ready", null), 200);
            assertThat(json(send("GET", "/storage/volumes/lasting", null))
                            .at("/status/phase")
                            .asText())
                    .isEqualTo("Ready");
            problem(send("GET", "/storage/volumes/nobody/files/f", null), 404, "volume-not-found");
            for (String[] change : new String[][] {
                {"POST", "/storage/volumes", "{\"name\":\"new\"}"},
                {"PATCH", "/storage/volumes/lasting", "{\"consistency\":\"strong\"}"},
                {"DELETE", "/storage/volumes/lasting?force=true", null},
                {"POST", "/storage/nodes/node-0/cordon", null},
                {"POST", "/storage/nodes", "{\"count\":4}"}
            }) {
                problem(send(change[0], change[1], change[2]), 503, "unavailable");
            }
            startedWhileKubernetesIsAway();
        } finally {
            kubernetes.start();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(json(send("GET", "/storage/health", null))
                                .get("reason")
                                .asText())
                        .isEmpty());
        status(send("POST", "/storage/volumes", "{\"name\":\"after\"}"), 201);
        status(send("GET", "/storage/volumes/lasting/files/during", null), 200);
    }

    /** It knows one node, which names the others, and asks the groups. */
    private void startedWhileKubernetesIsAway() throws Exception {
        List<String> one = List.of(cluster.client().admin().addresses().get(0));
        try (MoorageClient late = new MoorageClient(one, 4);
                KubernetesControlPlane latePlane =
                        new KubernetesControlPlane(RestCluster.connection(kubernetes), late)) {
            latePlane.start();
            assertThat(latePlane.trouble()).contains("has not answered since this server started");
            assertThat(latePlane.resolve("lasting")).isEqualTo(rest.plane.resolve("lasting"));
            assertThat(late.admin().addresses())
                    .containsExactlyInAnyOrderElementsOf(
                            cluster.client().admin().addresses());
            assertThat(latePlane.volumes())
                    .anyMatch(volume -> volume.volume().getSpec().getName().equals("lasting"));
            assertThat(latePlane.resolve("nobody")).isEmpty();
            latePlane.probe(Duration.ofSeconds(2));
            cluster.stop(2);
            try {
                // Node 2 may know of it: that nobody has heard of it is not known.
                await().untilAsserted(() -> assertThatThrownBy(() -> latePlane.resolve("nobody"))
                        .isInstanceOf(MoorageException.class)
                        .hasMessageContaining("does not answer"));
            } finally {
                cluster.start(2);
            }
        }
    }

    private static Volume resource(String name) {
        return admin.resources(Volume.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private static StorageCluster storageCluster() {
        return admin.resources(StorageCluster.class)
                .inNamespace(NAMESPACE)
                .withName("local")
                .get();
    }

    private static void status(HttpResponse<byte[]> response, int status) {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
    }

    private static void problem(HttpResponse<byte[]> response, int status, String code) throws IOException {
        status(response, status);
        assertThat(json(response).get("type").asText()).endsWith("/" + code);
    }

    private static JsonNode json(HttpResponse<byte[]> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static HttpResponse<byte[]> send(String method, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(base + path))
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }
}
