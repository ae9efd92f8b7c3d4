package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.server.Removal;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes pods of Deployments. On one machine a pod's ports are what it is known by, so that pods have names that stay
 * (NAME-0, NAME-1, ...), and of one with another template the old one ends before the new one begins. There are no ReplicaSets.
 */
final class Deployments implements Controller {
    private static final String DEPLOYMENTS = "deployments";
    private static final String HASH = "pod-template-hash";

    private final Api api;

    Deployments(Api api) {
        this.api = api;
    }

    @Override
    public void reconcile() {
        for (ObjectNode deployment : api.list(DEPLOYMENTS)) {
            if (!Objects.isDeleted(deployment)) {
                reconcile(deployment);
            }
        }
    }

    private void reconcile(ObjectNode deployment) {
        String hash = PodTemplates.hash(deployment.at("/spec/template"));
        int replicas = deployment.at("/spec/replicas").asInt();
        Map<String, ObjectNode> pods = new HashMap<>();
        for (ObjectNode pod : api.list("pods", Objects.namespace(deployment))) {
            if (Objects.isControlledBy(pod, deployment)) {
                pods.put(Objects.name(pod), pod);
            }
        }
        boolean allReady = true;
        for (int i = 0; i < replicas; i++) {
            String name = Objects.name(deployment) + "-" + i;
            ObjectNode pod = pods.remove(name);
            if (pod == null) {
                make(deployment, name, hash);
                allReady = false;
            } else if (!Objects.isDeleted(pod)
                    && !pod.at("/metadata/labels").path(HASH).asText().equals(hash)) {
                // One after the other, unless it does not work anyway.
                if (allReady || !Objects.isReady(pod)) {
                    api.delete("pods", pod, Removal.USUAL);
                }
                allReady = false;
            } else {
                allReady &= Objects.isReady(pod) && !Objects.isDeleted(pod);
            }
        }
        pods.values().stream()
                .filter(pod -> !Objects.isDeleted(pod))
                .forEach(pod -> api.delete("pods", pod, Removal.USUAL));
        status(deployment, hash);
    }

    private void make(ObjectNode deployment, String name, String hash) {
        if (api.find("pods", Objects.namespace(deployment), name).isPresent()) {
            return;
        }
        ObjectNode pod = PodTemplates.pod(deployment, name);
        pod.withObject("/metadata/labels").put(HASH, hash);
        api.create("pods", Objects.namespace(deployment), pod);
        api.event(deployment, "Normal", "SuccessfulCreate", "create Pod " + name);
    }

    private void status(ObjectNode deployment, String hash) {
        int all = 0;
        int ready = 0;
        int updated = 0;
        for (ObjectNode pod : api.list("pods", Objects.namespace(deployment))) {
            if (Objects.isControlledBy(pod, deployment) && !Objects.isDeleted(pod)) {
                all++;
                ready += Objects.isReady(pod) ? 1 : 0;
                updated += pod.at("/metadata/labels").path(HASH).asText().equals(hash) ? 1 : 0;
            }
        }
        int wanted = deployment.at("/spec/replicas").asInt();
        int[] counts = {all, ready, updated};
        boolean available = ready >= wanted;
        api.status(DEPLOYMENTS, deployment, status -> {
            status.put(
                            "observedGeneration",
                            deployment.at("/metadata/generation").asLong())
                    .put("replicas", counts[0])
                    .put("readyReplicas", counts[1])
                    .put("availableReplicas", counts[1])
                    .put("unavailableReplicas", Math.max(0, wanted - counts[1]))
                    .put("updatedReplicas", counts[2]);
            ArrayNode conditions =
                    status.get("conditions") instanceof ArrayNode array ? array : status.putArray("conditions");
            ConditionList.set(
                    conditions,
                    "Available",
                    available,
                    available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                    "",
                    api.now());
            boolean complete = available && counts[2] == wanted && counts[0] == wanted;
            ConditionList.set(
                    conditions,
                    "Progressing",
                    true,
                    complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                    "",
                    api.now());
        });
    }
}
