package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.server.Removal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes claims and pods of StatefulSets, as Kubernetes' controller of that name does with podManagementPolicy Parallel and
 * updateStrategy OnDelete, which are those of storage nodes: all pods at once, and a new template for new pods only.
 */
final class StatefulSets implements Controller {
    static final String REVISION = "controller-revision-hash";
    private static final String STATEFUL_SETS = "statefulsets";
    private static final String CLAIMS = "persistentvolumeclaims";

    private final Api api;

    StatefulSets(Api api) {
        this.api = api;
    }

    @Override
    public void reconcile() {
        for (ObjectNode set : api.list(STATEFUL_SETS)) {
            if (!Objects.isDeleted(set)) {
                reconcile(set);
            }
        }
    }

    private void reconcile(ObjectNode set) {
        String revision = Objects.name(set) + "-" + PodTemplates.hash(set.at("/spec/template"));
        int replicas = set.at("/spec/replicas").asInt();
        Map<Integer, ObjectNode> pods = pods(set);
        for (int ordinal = 0; ordinal < replicas; ordinal++) {
            if (!pods.containsKey(ordinal)) {
                make(set, ordinal, revision);
            }
        }
        scaleDown(set, pods, replicas);
        retain(set, pods, replicas);
        status(set, revision);
    }

    /** By ordinal; pods of orphaned sets that fit are adopted. */
    private Map<Integer, ObjectNode> pods(ObjectNode set) {
        Map<Integer, ObjectNode> pods = new HashMap<>();
        for (ObjectNode pod : api.list("pods", Objects.namespace(set))) {
            int ordinal = ordinal(set, Objects.name(pod));
            if (ordinal < 0) {
                continue;
            }
            if (Objects.isControlledBy(pod, set)) {
                pods.put(ordinal, pod);
            } else if (!Objects.hasController(pod)
                    && !Objects.isDeleted(pod)
                    && Objects.selects(set.at("/spec/selector"), pod)) {
                api.change("pods", pod, next -> Objects.addOwner(next, set, true));
                api.find("pods", Objects.namespace(set), Objects.name(pod))
                        .ifPresent(adopted -> pods.put(ordinal, adopted));
            }
        }
        return pods;
    }

    private static int ordinal(ObjectNode set, String pod) {
        String prefix = Objects.name(set) + "-";
        String rest = pod.startsWith(prefix) ? pod.substring(prefix.length()) : "";
        return rest.matches("\\d{1,6}") ? Integer.parseInt(rest) : -1;
    }

    private void make(ObjectNode set, int ordinal, String revision) {
        String name = Objects.name(set) + "-" + ordinal;
        String namespace = Objects.namespace(set);
        if (api.find("pods", namespace, name).isPresent()) {
            // Somebody else's pod has the name.
            return;
        }
        ObjectNode pod = PodTemplates.pod(set, name);
        ArrayNode volumes = pod.at("/spec/volumes") instanceof ArrayNode array
                ? array
                : pod.withObject("/spec").putArray("volumes");
        for (JsonNode template : set.at("/spec/volumeClaimTemplates")) {
            String claim = claim(template, name);
            Optional<ObjectNode> present = api.find(CLAIMS, namespace, claim);
            if (present.filter(Objects::isDeleted).isPresent()) {
                return;
            }
            if (present.isEmpty()) {
                makeClaim(set, template, claim);
            }
            volumes.addObject()
                    .put("name", Objects.name(template))
                    .putObject("persistentVolumeClaim")
                    .put("claimName", claim);
        }
        pod.withObject("/metadata/labels")
                .put(REVISION, revision)
                .put("statefulset.kubernetes.io/pod-name", name)
                .put("apps.kubernetes.io/pod-index", String.valueOf(ordinal));
        JsonNode service = set.at("/spec/serviceName");
        if (service.isTextual()) {
            pod.withObject("/spec").set("subdomain", service);
        }
        api.create("pods", namespace, pod);
        api.event(set, "Normal", "SuccessfulCreate", "create Pod " + name + " in StatefulSet " + Objects.name(set));
    }

    private static String claim(JsonNode template, String pod) {
        return Objects.name(template) + "-" + pod;
    }

    private void makeClaim(ObjectNode set, JsonNode template, String name) {
        ObjectNode claim = template.deepCopy();
        claim.remove(List.of("apiVersion", "kind", "status"));
        ObjectNode metadata = claim.withObject("/metadata").put("name", name);
        metadata.remove("namespace");
        ObjectNode labels = claim.withObject("/metadata/labels");
        set.at("/spec/selector/matchLabels")
                .properties()
                .forEach(label -> labels.set(label.getKey(), label.getValue()));
        api.create(CLAIMS, Objects.namespace(set), claim);
        api.event(set, "Normal", "SuccessfulCreate", "create Claim " + name);
    }

    private void scaleDown(ObjectNode set, Map<Integer, ObjectNode> pods, int replicas) {
        pods.entrySet().stream()
                .filter(pod -> pod.getKey() >= replicas && !Objects.isDeleted(pod.getValue()))
                .sorted(Map.Entry.<Integer, ObjectNode>comparingByKey().reversed())
                .forEach(pod -> delete(set, pod.getValue()));
    }

    private void delete(ObjectNode set, ObjectNode pod) {
        api.delete("pods", pod, Removal.USUAL);
        api.event(
                set,
                "Normal",
                "SuccessfulDelete",
                "delete Pod " + Objects.name(pod) + " in StatefulSet " + Objects.name(set));
    }

    /** Whether claims go with their set, or with their pod. */
    private void retain(ObjectNode set, Map<Integer, ObjectNode> pods, int replicas) {
        JsonNode policy = set.at("/spec/persistentVolumeClaimRetentionPolicy");
        boolean withSet = policy.path("whenDeleted").asText().equals("Delete");
        boolean withPod = policy.path("whenScaled").asText().equals("Delete");
        pods.forEach((ordinal, pod) -> {
            boolean condemned = ordinal >= replicas;
            for (JsonNode template : set.at("/spec/volumeClaimTemplates")) {
                api.find(CLAIMS, Objects.namespace(set), claim(template, Objects.name(pod)))
                        .ifPresent(claim -> api.change(CLAIMS, claim, next -> {
                            own(next, set, withSet);
                            own(next, pod, withPod && condemned);
                        }));
            }
        });
    }

    private static void own(ObjectNode claim, ObjectNode owner, boolean owned) {
        if (owned) {
            Objects.addOwner(claim, owner, false);
        } else if (claim.at("/metadata/ownerReferences") instanceof ArrayNode references) {
            for (int i = references.size() - 1; i >= 0; i--) {
                if (references.get(i).path("uid").asText().equals(Objects.uid(owner))) {
                    references.remove(i);
                }
            }
            if (references.isEmpty()) {
                claim.withObject("/metadata").remove("ownerReferences");
            }
        }
    }

    private void status(ObjectNode set, String revision) {
        int all = 0;
        int ready = 0;
        int updated = 0;
        int current = 0;
        String before = set.at("/status/currentRevision").asText(revision);
        for (ObjectNode pod : api.list("pods", Objects.namespace(set))) {
            if (Objects.isControlledBy(pod, set) && !Objects.isDeleted(pod)) {
                String of = pod.at("/metadata/labels").path(REVISION).asText();
                all++;
                ready += Objects.isReady(pod) ? 1 : 0;
                updated += of.equals(revision) ? 1 : 0;
                current += of.equals(before) ? 1 : 0;
            }
        }
        // An update is over when every pod is of the new template.
        boolean over = updated == all && all == set.at("/spec/replicas").asInt();
        String now = over ? revision : before;
        int counts[] = {all, ready, updated, over ? updated : current};
        api.status(
                STATEFUL_SETS,
                set,
                status -> status.put(
                                "observedGeneration",
                                set.at("/metadata/generation").asLong())
                        .put("replicas", counts[0])
                        .put("readyReplicas", counts[1])
                        .put("availableReplicas", counts[1])
                        .put("updatedReplicas", counts[2])
                        .put("currentReplicas", counts[3])
                        .put("currentRevision", now)
                        .put("updateRevision", revision)
                        .put("collisionCount", 0));
    }
}
