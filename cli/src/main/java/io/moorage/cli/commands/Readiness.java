package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.cluster.ManagedProcess;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Waits until a local cluster does what it is for. */
final class Readiness {
    private static final long LOOK_EVERY_MILLIS = 200;

    private final LocalCluster cluster;
    private final ApiClient api;

    Readiness(LocalCluster cluster) {
        this.cluster = cluster;
        this.api = new ApiClient(cluster.apiUrl(), Duration.ZERO, "see `moorage logs api`");
    }

    /** Until the API server reaches a leader. @throws Failure if it does not within the time, or a process has died */
    void awaitApi(Duration time) throws IOException {
        await(time, cluster.processes(), () -> api.get("/storage/health/ready"));
    }

    /** Until a storage node answers the API server. @throws Failure if it does not within the time, or has died */
    void awaitNode(String name, Duration time) throws IOException {
        await(time, List.of(cluster.process(name)), () -> {
            JsonNode node = api.get("/storage/nodes/" + name);
            if (node.path("state").asText().equals("Unreachable")) {
                throw Failure.of(
                        ExitCode.UNAVAILABLE,
                        name + " does not answer: " + node.path("error").asText());
            }
        });
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
