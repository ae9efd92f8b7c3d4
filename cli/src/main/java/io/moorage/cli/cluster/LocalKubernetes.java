package io.moorage.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.rest.ApiClient;
import io.moorage.cli.rest.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the supervisor's Kubernetes says of the StorageCluster of a local cluster, and is told of it. */
public final class LocalKubernetes {
    private static final String CLUSTERS = "/apis/moorage.io/v1alpha1/namespaces/default/storageclusters";
    private static final String CLUSTER = CLUSTERS + "/" + LocalCluster.NAME;
    private static final String PODS =
            "/api/v1/namespaces/default/pods?labelSelector=moorage.io%2Fcluster%3D" + LocalCluster.NAME;
    /** Nobody waits longer for a process of this machine. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final ApiClient api;

    public LocalKubernetes(LocalCluster cluster) {
        api = new ApiClient(cluster.kubernetesUrl(), Duration.ZERO, "see `moorage logs supervisor`");
    }

    private JsonNode get(String path) {
        return api.send(ApiRequest.of("GET", path).allowSilence(SILENCE));
    }

    /** Whether it answers at this moment. */
    public boolean isServing() {
        try {
            get("/version");
            return true;
        } catch (Failure e) {
            return false;
        }
    }

    /** How many storage nodes there should be; empty: there is no StorageCluster. */
    public Optional<Integer> nodes() {
        try {
            return Optional.of(get(CLUSTER).at("/spec/nodes").asInt());
        } catch (Failure e) {
            if (e.exitCode() == ExitCode.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Makes the StorageCluster. */
    public void create(int nodes) {
        api.send(ApiRequest.of("POST", CLUSTERS)
                .json(Map.of(
                        "apiVersion",
                        "moorage.io/v1alpha1",
                        "kind",
                        "StorageCluster",
                        "metadata",
                        Map.of("name", LocalCluster.NAME),
                        "spec",
                        Map.of("nodes", nodes, "api", Map.of("replicas", 1)))));
    }

    /** Why the StorageCluster is not ready; empty: it is. */
    public Optional<String> trouble() {
        JsonNode cluster = get(CLUSTER);
        for (JsonNode condition : cluster.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                boolean current = cluster.at("/status/observedGeneration").asLong()
                        == cluster.at("/metadata/generation").asLong();
                return condition.path("status").asText().equals("True") && current
                        ? Optional.empty()
                        : Optional.of(condition.path("message").asText());
            }
        }
        return Optional.of("the operator has not looked at it yet");
    }

    /**
     * A pod of the StorageCluster.
     *
     * @param restarts how often its process was started again
     * @param waiting why it does not run, in one word of Kubernetes; "" if it does
     * @param message the same in a sentence
     */
    public record Pod(String name, boolean ready, int restarts, String waiting, String message) {
        private static Pod of(JsonNode pod) {
            JsonNode container = pod.at("/status/containerStatuses/0");
            JsonNode waiting = container.at("/state/waiting");
            return new Pod(
                    pod.at("/metadata/name").asText(),
                    container.path("ready").asBoolean(),
                    container.path("restartCount").asInt(),
                    waiting.path("reason").asText(),
                    waiting.path("message").asText());
        }
    }

    /** Those that there are at this moment. */
    public List<Pod> pods() {
        List<Pod> pods = new ArrayList<>();
        get(PODS).path("items").forEach(pod -> pods.add(Pod.of(pod)));
        return pods;
    }
}
