package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Conditions of built-in resources: the time of the last transition changes with the status only. */
final class ConditionList {
    private ConditionList() {}

    static void set(ArrayNode conditions, String type, boolean holds, String reason, String message, String now) {
        String status = holds ? "True" : "False";
        ObjectNode condition = null;
        for (JsonNode each : conditions) {
            if (each.path("type").asText().equals(type)) {
                condition = (ObjectNode) each;
            }
        }
        if (condition == null) {
            condition = conditions.addObject().put("type", type);
        }
        if (!condition.path("status").asText().equals(status)) {
            condition.put("status", status).put("lastTransitionTime", now);
        }
        text(condition, "reason", reason);
        text(condition, "message", message);
    }

    private static void text(ObjectNode condition, String field, String value) {
        if (value.isEmpty()) {
            condition.remove(field);
        } else {
            condition.put(field, value);
        }
    }
}
