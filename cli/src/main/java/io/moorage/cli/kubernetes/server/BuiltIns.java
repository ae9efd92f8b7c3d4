package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a Kubernetes API server knows about built-in resources beyond their schemas, as far as it matters here. */
final class BuiltIns {
    private static final Set<String> CHANGEABLE_OF_STATEFUL_SET = Set.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private BuiltIns() {}

    static void fillDefaults(ObjectNode resource) {
        ObjectNode spec = resource.get("spec") instanceof ObjectNode object ? object : null;
        if (spec == null) {
            return;
        }
        switch (resource.path("kind").asText()) {
            case "Service" -> {
                standard(spec, "type", "ClusterIP");
                standard(spec, "sessionAffinity", "None");
                spec.path("ports").forEach(port -> {
                    standard((ObjectNode) port, "protocol", "TCP");
                    if (!port.has("targetPort")) {
                        ((ObjectNode) port).set("targetPort", port.path("port"));
                    }
                });
            }
            case "StatefulSet" -> {
                one(spec);
                standard(spec, "podManagementPolicy", "OrderedReady");
                standard(spec.withObject("/updateStrategy"), "type", "RollingUpdate");
                ObjectNode retention = spec.withObject("/persistentVolumeClaimRetentionPolicy");
                standard(retention, "whenDeleted", "Retain");
                standard(retention, "whenScaled", "Retain");
            }
            case "Deployment" -> {
                one(spec);
                standard(spec.withObject("/strategy"), "type", "RollingUpdate");
            }
            case "Pod" -> {
                standard(spec, "restartPolicy", "Always");
                standard(spec, "terminationGracePeriodSeconds", 30);
                // kubectl describe relies on it.
                spec.findValues("grpc").forEach(probe -> standard((ObjectNode) probe, "service", ""));
            }
            case "PersistentVolumeClaim" -> {
                standard(spec, "volumeMode", "Filesystem");
                standard(spec, "storageClassName", "local");
            }
            default -> {}
        }
    }

    private static void standard(ObjectNode object, String field, String value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }

    private static void standard(ObjectNode object, String field, int value) {
        if (!object.has(field)) {
            object.put(field, value);
        }
    }

    private static void one(ObjectNode spec) {
        standard(spec, "replicas", 1);
    }

    /** What may not be changed. */
    static List<Violation> changes(JsonNode before, JsonNode after) {
        List<Violation> violations = new ArrayList<>();
        String kind = after.path("kind").asText();
        if (kind.equals("StatefulSet")) {
            ObjectNode old = before.path("spec").deepCopy();
            ObjectNode next = after.path("spec").deepCopy();
            if (!old.remove(CHANGEABLE_OF_STATEFUL_SET).equals(next.remove(CHANGEABLE_OF_STATEFUL_SET))) {
                violations.add(new Violation(
                        "FieldValueForbidden",
                        "spec",
                        "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template',"
                                + " 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy'"
                                + " and 'minReadySeconds' are forbidden"));
            }
        }
        if (kind.equals("Deployment") && !before.at("/spec/selector").equals(after.at("/spec/selector"))) {
            violations.add(new Violation("FieldValueInvalid", "spec.selector", "field is immutable"));
        }
        if (kind.equals("PersistentVolumeClaim")
                && !before.at("/spec/storageClassName").equals(after.at("/spec/storageClassName"))) {
            violations.add(new Violation(
                    "FieldValueForbidden",
                    "spec",
                    "Forbidden: spec is immutable after creation except resources.requests"));
        }
        return violations;
    }

    /** What the schema of a new resource does not say. */
    static List<Violation> violations(JsonNode resource) {
        List<Violation> violations = new ArrayList<>();
        String kind = resource.path("kind").asText();
        if (kind.equals("StatefulSet") || kind.equals("Deployment")) {
            JsonNode wanted = resource.at("/spec/selector/matchLabels");
            JsonNode labels = resource.at("/spec/template/metadata/labels");
            wanted.properties().forEach(label -> {
                if (!labels.path(label.getKey()).equals(label.getValue())) {
                    violations.add(new Violation(
                            "FieldValueInvalid",
                            "spec.template.metadata.labels",
                            "Invalid value: " + labels + ": `selector` does not match template `labels`"));
                }
            });
        }
        return violations.stream().distinct().toList();
    }
}
