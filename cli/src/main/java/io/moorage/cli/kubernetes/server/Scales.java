package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Paths;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.util.ArrayList;
import java.util.List;

/** The scale subresource. */
final class Scales {
    private Scales() {}

    static ObjectNode of(ResourceType type, JsonNode resource) {
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            metadata.set(field, resource.path("metadata").path(field));
        }
        scale.putObject("spec")
                .put(
                        "replicas",
                        Paths.first(resource, type.scale().specReplicas()).asInt());
        ObjectNode status = scale.putObject("status");
        status.put(
                "replicas", Paths.first(resource, type.scale().statusReplicas()).asInt());
        JsonNode selector = Paths.first(resource, type.scale().selector());
        if (selector.isTextual()) {
            status.set("selector", selector);
        } else if (selector.isObject()) {
            List<String> labels = new ArrayList<>();
            selector.path("matchLabels")
                    .properties()
                    .forEach(label ->
                            labels.add(label.getKey() + "=" + label.getValue().asText()));
            status.put("selector", String.join(",", labels));
        }
        return scale;
    }

    /** The resource with the replicas of a scale that was changed. */
    static ObjectNode into(ResourceType type, ObjectNode live, JsonNode scale) {
        JsonNode replicas = scale.at("/spec/replicas");
        if (!replicas.isMissingNode() && !replicas.isInt() || replicas.asInt() < 0) {
            throw StatusException.badRequest("spec.replicas is " + replicas + "; it must be 0 or more");
        }
        ObjectNode next = live.deepCopy();
        Paths.set(next, type.scale().specReplicas(), replicas.asInt());
        JsonNode expected = scale.at("/metadata/resourceVersion");
        if (expected.isTextual()) {
            next.withObject("/metadata").set("resourceVersion", expected);
        }
        return next;
    }
}
