package io.moorage.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.moorage.cli.kubernetes.control.PortPlan;
import io.moorage.cli.kubernetes.control.ProcessMarks;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** StatefulSets become processes, which are real ones. */
class SupervisorTest {
    private static final String SET = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: main-node, namespace: default}
            spec:
              replicas: 1
              podManagementPolicy: Parallel
              serviceName: main-nodes
              updateStrategy: {type: OnDelete}
              selector: {matchLabels: {app: x}}
              template:
                metadata: {labels: {app: x}}
                spec:
                  containers:
                  - {name: storage-node, image: moorage, args: [io.moorage.node.StorageNodeMain, /etc/moorage/node.yaml]}
              volumeClaimTemplates:
              - metadata: {name: data}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
            """;
    private static final String POD = "main-node-0";

    @TempDir
    Path directory;

    private PortPlan ports;
    private Supervisor supervisor;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        int base = FreePorts.cluster();
        ports = new PortPlan(base, base);
        up();
    }

    private void up() throws IOException {
        supervisor = Supervisor.start(directory, ports, () -> 256);
        client = TestKubernetes.client(supervisor.url());
    }

    private void down() throws IOException {
        client.close();
        supervisor.close();
    }

    @AfterEach
    void stop() throws IOException {
        down();
        process().signal("KILL");
        assertThat(process().awaitExit(Duration.ofSeconds(60))).isTrue();
    }

    private ManagedProcess process() {
        return new ManagedProcess(POD, directory.resolve("run"));
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions();
    }

    private Pod pod() {
        return client.pods().inNamespace("default").withName(POD).get();
    }

    private void awaitReady() {
        patiently().until(() -> Readiness.isPodReady(pod()));
    }

    private long pid() throws IOException {
        return process().pid().orElse(-1);
    }

    @Test
    void aPodIsAProcessThroughItsWholeLife() throws Exception {
        client.resource(Serialization.unmarshal(SET, StatefulSet.class)).create();
        awaitReady();
        assertThat(pod().getMetadata().getAnnotations())
                .containsEntry("moorage.io/service-address", "127.0.0.1:" + (ports.base() + 10));
        patiently()
                .until(() -> client.apps()
                                .statefulSets()
                                .withName("main-node")
                                .get()
                                .getStatus()
                                .getReadyReplicas()
                        == 1);
        Path data = directory.resolve("data/default/data-main-node-0");
        assertThat(data).isNotEmptyDirectory();

        long first = pid();
        process().signal("KILL");
        patiently().until(() -> pid() > 0 && pid() != first);
        awaitReady();
        assertThat(pod().getStatus().getContainerStatuses().get(0).getRestartCount())
                .isEqualTo(1);

        long second = pid();
        down();
        assertThat(process().isRunning())
                .as("it goes on without the supervisor")
                .isTrue();
        up();
        assertThat(Readiness.isPodReady(pod())).as("as it was").isTrue();
        patiently().until(() -> Readiness.isPodReady(pod()) && pid() == second);

        new ProcessMarks(directory.resolve("run")).stop(POD);
        process().signal("TERM");
        patiently()
                .until(() -> "Stopped"
                        .equals(pod().getStatus()
                                .getContainerStatuses()
                                .get(0)
                                .getState()
                                .getWaiting()
                                .getReason()));
        assertThat(process().isRunning()).isFalse();
        new ProcessMarks(directory.resolve("run")).want(POD);
        awaitReady();
        assertThat(pod().getStatus().getContainerStatuses().get(0).getRestartCount())
                .as("counted anew")
                .isZero();
        assertThat(directory.resolve("run/" + POD + ".wanted")).doesNotExist();

        String uid = pod().getMetadata().getUid();
        String incarnation = Files.readString(identity(data));
        client.pods().inNamespace("default").withName(POD).delete();
        patiently().until(() -> !pod().getMetadata().getUid().equals(uid));
        awaitReady();
        assertThat(Files.readString(identity(data))).as("the claim stays").isEqualTo(incarnation);

        client.persistentVolumeClaims()
                .inNamespace("default")
                .withName("data-main-node-0")
                .delete();
        assertThat(data).as("a claim in use stays").exists();
        client.pods().inNamespace("default").withName(POD).delete();
        patiently()
                .until(() -> Files.exists(identity(data))
                        && !Files.readString(identity(data)).equals(incarnation));
        awaitReady();

        client.apps()
                .statefulSets()
                .inNamespace("default")
                .withName("main-node")
                .scale(0);
        patiently().until(() -> pod() == null && !process().isRunning());
        assertThat(data).as("claims are retained").exists();
    }

    private static Path identity(Path data) throws IOException {
        try (var files = Files.list(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().contains("lock"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }
}
