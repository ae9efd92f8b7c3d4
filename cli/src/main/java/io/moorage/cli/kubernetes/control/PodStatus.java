package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Writes into a pod's status how its process is. */
final class PodStatus {
    private final Api api;

    PodStatus(Api api) {
        this.api = api;
    }

    /** It does not run. @param reason such as CrashLoopBackOff */
    void waiting(ObjectNode pod, String reason, String message, PodRecord record) {
        api.status("pods", pod, status -> {
            ObjectNode container = begin(pod, status, record, false);
            JsonNode before = container.path("state").path("running");
            if (before.isObject()) {
                ended(container, before.path("startedAt").asText());
            }
            container
                    .putObject("state")
                    .putObject("waiting")
                    .put("reason", reason)
                    .put("message", message);
            status.put("phase", record == null ? "Pending" : "Running");
            conditions(status, false, reason, message);
        });
    }

    void running(ObjectNode pod, PodRecord record, boolean ready) {
        api.status("pods", pod, status -> {
            ObjectNode container = begin(pod, status, record, ready);
            JsonNode before = container.path("state").path("running").path("startedAt");
            if (before.isTextual() && !before.asText().equals(record.started())) {
                ended(container, before.asText());
            }
            container.putObject("state").putObject("running").put("startedAt", record.started());
            status.put("phase", "Running");
            conditions(status, ready, ready ? "" : "ContainersNotReady", ready ? "" : "it does not serve (yet)");
        });
    }

    /** Nobody sees how a process ends that it did not start; a Kubernetes that does not know says it like this. */
    private void ended(ObjectNode container, String started) {
        container
                .putObject("lastState")
                .putObject("terminated")
                .put("exitCode", 137)
                .put("reason", "ContainerStatusUnknown")
                .put("message", "the process ended; its log says why")
                .put("startedAt", started)
                .put("finishedAt", api.now());
    }

    private ObjectNode begin(ObjectNode pod, ObjectNode status, PodRecord record, boolean ready) {
        JsonNode spec = pod.at("/spec/containers/0");
        status.put("hostIP", "127.0.0.1").put("podIP", "127.0.0.1").put("qosClass", "BestEffort");
        if (!status.has("startTime")) {
            status.put("startTime", api.now());
        }
        ArrayNode containers = status.get("containerStatuses") instanceof ArrayNode array
                ? array
                : status.putArray("containerStatuses");
        ObjectNode container = containers.isEmpty() ? containers.addObject() : (ObjectNode) containers.get(0);
        container
                .put("name", spec.path("name").asText())
                .put("image", spec.path("image").asText())
                .put("imageID", "")
                .put("ready", ready)
                .put("started", record != null)
                .put("restartCount", record == null ? 0 : Math.max(0, record.starts() - 1));
        return container;
    }

    private void conditions(ObjectNode status, boolean ready, String reason, String message) {
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode array ? array : status.putArray("conditions");
        ConditionList.set(conditions, "PodScheduled", true, "", "", api.now());
        ConditionList.set(conditions, "Initialized", true, "", "", api.now());
        ConditionList.set(conditions, "ContainersReady", ready, reason, message, api.now());
        ConditionList.set(conditions, "Ready", ready, reason, message, api.now());
    }
}
