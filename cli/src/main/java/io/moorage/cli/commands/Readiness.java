package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.LocalKubernetes;
import io.moorage.cli.process.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Waits until a local cluster does what it is for. */
final class Readiness {
    private static final long LOOK_EVERY_MILLIS = 100;
    /** One that hangs is one that does not answer. */
    private static final Duration SILENCE = Duration.ofSeconds(5);
    /** A process that ends so often again and again is given up; the supervisor goes on trying. */
    private static final int MOST_RESTARTS = 2;

    private final LocalCluster cluster;
    private final LocalKubernetes kubernetes;
    private final ApiClient api;
    private final Map<String, Integer> restartsBefore = new HashMap<>();

    Readiness(LocalCluster cluster) {
        this.cluster = cluster;
        this.kubernetes = new LocalKubernetes(cluster);
        this.api = new ApiClient(cluster.apiUrl(), Duration.ZERO, "see `moorage logs api`");
    }

    /** Whether all of it answers at this moment. */
    boolean isServing() throws IOException {
        try {
            probeAll();
            return kubernetes.trouble().isEmpty();
        } catch (Failure e) {
            return false;
        }
    }

    /** Until the supervisor's Kubernetes answers. */
    void awaitKubernetes(Duration time) throws IOException {
        await(time, () -> kubernetes.isServing() ? "" : "the supervisor does not answer at " + cluster.kubernetesUrl());
    }

    /** Until so many storage nodes serve. */
    void awaitNodes(int nodes, Duration time) throws IOException {
        await(time, () -> {
            long ready = kubernetes.pods().stream()
                    .filter(pod -> pod.name().contains("-node-") && pod.ready())
                    .count();
            return ready >= nodes ? "" : ready + " of " + nodes + " storage nodes are ready";
        });
    }

    /** Until the operator says that the StorageCluster is ready. */
    void awaitCluster(Duration time) throws IOException {
        await(time, () -> kubernetes.trouble().orElse(""));
    }

    /** Until the API server reaches a leader and all storage nodes: what Kubernetes knows may be of before. */
    void awaitApi(Duration time) throws IOException {
        await(time, () -> {
            probeAll();
            return "";
        });
    }

    /** Until the process of a pod runs and serves. */
    void awaitPod(String name, Duration time) throws IOException {
        ManagedProcess process = cluster.process(name);
        await(time, () -> {
            boolean ready = process.isRunning()
                    && kubernetes.pods().stream().anyMatch(pod -> pod.name().equals(name) && pod.ready());
            if (ready && !name.equals(cluster.api().name()) && cluster.api().isRunning()) {
                probeNode(name);
            }
            return ready ? "" : name + " is not ready";
        });
    }

    private void probeAll() throws IOException {
        probeApi();
        for (ManagedProcess node : cluster.nodes()) {
            probeNode(node.name());
        }
    }

    private void probeApi() {
        api.send(ApiRequest.of("GET", "/storage/health/ready").allowSilence(SILENCE));
    }

    private void probeNode(String name) {
        JsonNode node = api.send(ApiRequest.of("GET", "/storage/nodes/" + name).allowSilence(SILENCE));
        String state = node.path("state").asText();
        if (state.equals("Unreachable") || state.equals("Stopping")) {
            String error = node.path("error").asText();
            throw Failure.of(
                    ExitCode.UNAVAILABLE,
                    name + (state.equals("Stopping") ? " is stopping" : " does not answer")
                            + (error.isEmpty() ? "" : ": " + error) + "; if that does not pass, `moorage node stop "
                            + name
                            + " --signal KILL` ends it");
        }
    }

    /** Says what is missing, or "". */
    @FunctionalInterface
    private interface Look {
        String missing() throws IOException;
    }

    /** @throws Failure if it is missing after the time, or a process that is needed ends again and again */
    private void await(Duration time, Look look) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            Failure cause = null;
            String missing;
            try {
                missing = look.missing();
                if (missing.isEmpty()) {
                    return;
                }
            } catch (Failure e) {
                cause = e;
                missing = e.getMessage();
            }
            checkProcesses();
            if (System.nanoTime() > end) {
                throw Failure.of(ExitCode.UNAVAILABLE, missing + pods(), cause);
            }
            pause();
        }
    }

    private void checkProcesses() throws IOException {
        if (!cluster.supervisor().isRunning()) {
            throw Failure.of(
                    ExitCode.UNAVAILABLE, "a process has ended:" + LocalCluster.lastWords(cluster.supervisor()));
        }
        for (LocalKubernetes.Pod pod : podsIfKnown()) {
            int restarts = pod.restarts() - restartsBefore.computeIfAbsent(pod.name(), name -> pod.restarts());
            if (pod.waiting().equals("CrashLoopBackOff") && restarts >= MOST_RESTARTS) {
                throw Failure.of(
                        ExitCode.UNAVAILABLE,
                        "a process ends again and again:" + LocalCluster.lastWords(cluster.process(pod.name())));
            }
        }
    }

    /** What keeps pods from running. */
    private String pods() {
        StringBuilder text = new StringBuilder();
        for (LocalKubernetes.Pod pod : podsIfKnown()) {
            if (!pod.waiting().isEmpty()) {
                text.append("\n  ").append(pod.name()).append(": ").append(pod.message());
            }
        }
        return text.toString();
    }

    private List<LocalKubernetes.Pod> podsIfKnown() {
        try {
            return kubernetes.pods();
        } catch (Failure e) {
            // Then that is what is missing.
            return List.of();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.of(ExitCode.FAILED, "interrupted", e);
        }
    }
}
