package io.moorage.api.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;

/**
 * A JSON patch (RFC 6902) of a resource that is refused (409) unless the resource is as it was read. What it does not name,
 * also what this version does not know, stays. Not thread-safe.
 */
final class JsonPatch {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ArrayNode operations = JSON.createArrayNode();
    private final String resourceVersion;

    JsonPatch(HasMetadata read) {
        this.resourceVersion = read.getMetadata().getResourceVersion();
    }

    /** Whether it is there or not. The parent must be there. */
    JsonPatch set(String path, Object value) {
        operations
                .addObject()
                .put("op", "add")
                .put("path", path)
                .set("value", Serialization.jsonMapper().valueToTree(value));
        return this;
    }

    /** It must be there. */
    JsonPatch remove(String path) {
        operations.addObject().put("op", "remove").put("path", path);
        return this;
    }

    boolean isEmpty() {
        return operations.isEmpty();
    }

    String text() {
        ArrayNode locked = operations.deepCopy();
        locked.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", resourceVersion);
        try {
            return JSON.writeValueAsString(locked);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
