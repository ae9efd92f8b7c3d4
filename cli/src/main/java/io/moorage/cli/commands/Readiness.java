package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Waits until a local cluster does what it is for. */
final class Readiness {
    private static final long LOOK_EVERY_MILLIS = 200;
    /** One that hangs is one that does not answer. */
    private static final Duration SILENCE = Duration.ofSeconds(5);

    private final LocalCluster cluster;
    private final ApiClient api;

    Readiness(LocalCluster cluster) {
        this.cluster = cluster;
        this.api = new ApiClient(cluster.apiUrl(), Duration.ZERO, "see `moorage logs api`");
    }

    /** Whether all of it answers at this moment. */
    boolean isServing() {
        try {
            probeApi();
            cluster.file().names().forEach(this::probeNode);
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    /** Until the API server reaches a leader. @throws Failure if it does not within the time, or a process has died */
    void awaitApi(Duration time) throws IOException {
        await(time, cluster.processes(), this::probeApi);
    }

    /** Until a storage node answers the API server. @throws Failure if it does not within the time, or has died */
    void awaitNode(String name, Duration time) throws IOException {
        await(time, List.of(cluster.process(name)), () -> probeNode(name));
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

    private static void await(Duration time, List<ManagedProcess> needed, Runnable probe) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                probe.run();
                return;
            } catch (Failure e) {
                String dead = LocalCluster.lastWords(needed);
                if (!dead.isEmpty() || System.nanoTime() > end) {
                    throw Failure.of(
                            ExitCode.UNAVAILABLE, dead.isEmpty() ? e.getMessage() : "a process has ended:" + dead, e);
                }
            }
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.of(ExitCode.FAILED, "interrupted", e);
            }
        }
    }
}
