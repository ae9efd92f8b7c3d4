package io.moorage.crds.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The schemas of the definitions as they are on the class path. */
final class Schemas {
    private static final YAMLMapper YAML = new YAMLMapper();

    private Schemas() {}

    static JsonNode definition(Class<? extends HasMetadata> type) {
        String name = Moorage.DEFINITIONS + HasMetadata.getFullResourceName(type) + ".yaml";
        try (InputStream in = Moorage.class.getResourceAsStream(name)) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode of(String kind) {
        return schema(type(kind));
    }

    static JsonNode schema(Class<? extends HasMetadata> type) {
        return definition(type).at("/spec/versions/0/schema/openAPIV3Schema");
    }

    static Class<? extends CustomResource<?, ?>> type(String kind) {
        return Moorage.resources().stream()
                .filter(type -> HasMetadata.getKind(type).equals(kind))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no resource of kind " + kind));
    }

    /** Fills in what the schema says about fields that are left out, as an API server does. */
    static JsonNode withDefaults(JsonNode schema, JsonNode value) {
        if (value instanceof ObjectNode object) {
            schema.path("properties").properties().forEach(property -> {
                JsonNode child = property.getValue();
                if (!object.has(property.getKey()) && child.has("default")) {
                    object.set(property.getKey(), child.get("default").deepCopy());
                }
                if (object.has(property.getKey())) {
                    withDefaults(child, object.get(property.getKey()));
                }
            });
        } else if (value.isArray()) {
            value.forEach(item -> withDefaults(schema.path("items"), item));
        }
        return value;
    }
}
