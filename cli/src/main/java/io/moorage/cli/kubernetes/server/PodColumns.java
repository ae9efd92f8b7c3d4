package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;

/** What kubectl shows of a pod. */
final class PodColumns {
    private PodColumns() {}

    static String ready(JsonNode pod) {
        int ready = 0;
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            ready += container.path("ready").asBoolean() ? 1 : 0;
        }
        return ready + "/" + pod.at("/spec/containers").size();
    }

    static String status(JsonNode pod) {
        if (pod.path("metadata").has("deletionTimestamp")) {
            return "Terminating";
        }
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            JsonNode reason = container.at("/state/waiting/reason");
            if (reason.isTextual()) {
                return reason.asText();
            }
        }
        return pod.at("/status/reason").asText(pod.at("/status/phase").asText("Pending"));
    }

    static int restarts(JsonNode pod) {
        int restarts = 0;
        for (JsonNode container : pod.at("/status/containerStatuses")) {
            restarts += container.path("restartCount").asInt();
        }
        return restarts;
    }
}
