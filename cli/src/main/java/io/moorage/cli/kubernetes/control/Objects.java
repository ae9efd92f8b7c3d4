package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What is often asked of objects. */
final class Objects {
    private Objects() {}

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static String namespace(JsonNode object) {
        return object.at("/metadata/namespace").asText("");
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asText();
    }

    static boolean isDeleted(JsonNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }

    static boolean isControlledBy(JsonNode object, JsonNode owner) {
        for (JsonNode reference : object.at("/metadata/ownerReferences")) {
            if (reference.path("controller").asBoolean()
                    && reference.path("uid").asText().equals(uid(owner))) {
                return true;
            }
        }
        return false;
    }

    static boolean hasController(JsonNode object) {
        for (JsonNode reference : object.at("/metadata/ownerReferences")) {
            if (reference.path("controller").asBoolean()) {
                return true;
            }
        }
        return false;
    }

    static void addOwner(ObjectNode object, JsonNode owner, boolean controller) {
        ObjectNode metadata = object.withObject("/metadata");
        ArrayNode references = metadata.get("ownerReferences") instanceof ArrayNode array
                ? array
                : metadata.putArray("ownerReferences");
        for (JsonNode reference : references) {
            if (reference.path("uid").asText().equals(uid(owner))) {
                return;
            }
        }
        ObjectNode reference = references
                .addObject()
                .put("apiVersion", owner.path("apiVersion").asText())
                .put("kind", owner.path("kind").asText())
                .put("name", name(owner))
                .put("uid", uid(owner));
        if (controller) {
            reference.put("controller", true).put("blockOwnerDeletion", true);
        }
    }

    static boolean selects(JsonNode selector, JsonNode object) {
        JsonNode labels = object.at("/metadata/labels");
        boolean all = true;
        for (var label : selector.path("matchLabels").properties()) {
            all &= labels.path(label.getKey()).equals(label.getValue());
        }
        return all && !selector.path("matchLabels").isEmpty();
    }

    static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    static void removeFinalizer(ObjectNode object, String finalizer) {
        JsonNode finalizers = object.at("/metadata/finalizers");
        if (finalizers instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                if (array.get(i).asText().equals(finalizer)) {
                    array.remove(i);
                }
            }
            if (array.isEmpty()) {
                object.withObject("/metadata").remove("finalizers");
            }
        }
    }

    static boolean hasFinalizer(JsonNode object, String finalizer) {
        for (JsonNode each : object.at("/metadata/finalizers")) {
            if (each.asText().equals(finalizer)) {
                return true;
            }
        }
        return false;
    }
}
