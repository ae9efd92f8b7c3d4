package io.moorage.cli.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A structural schema of Kubernetes (OpenAPI v3 with its extensions), with references followed. Immutable.
 *
 * <p>A schema that says nothing ({@link #ANY}) stands for everything that is not described, and allows all.
 */
public final class Schema {
    public static final Schema ANY = new Schema(MissingNode.getInstance(), MissingNode.getInstance(), null);

    private static final String REFERENCE = "#/components/schemas/";

    private final JsonNode node;
    private final JsonNode components;
    /** Of a resource: the schema of metadata, which definitions of custom resources do not repeat. */
    private final Schema metadata;

    private Schema(JsonNode node, JsonNode components, Schema metadata) {
        this.node = node;
        this.components = components;
        this.metadata = metadata;
    }

    /** @param components what references are about, by name */
    static Schema of(JsonNode node, JsonNode components) {
        return new Schema(resolve(node, components), components, null);
    }

    Schema withMetadata(Schema objectMeta) {
        return new Schema(node, components, objectMeta);
    }

    private static JsonNode resolve(JsonNode node, JsonNode components) {
        JsonNode at = node;
        while (true) {
            JsonNode reference =
                    at.has("$ref") ? at.get("$ref") : at.path("allOf").path(0).path("$ref");
            if (reference.isMissingNode()) {
                return at;
            }
            at = components.path(reference.asText().substring(REFERENCE.length()));
        }
    }

    public JsonNode node() {
        return node;
    }

    private Schema child(JsonNode child) {
        return child.isMissingNode() || child.isBoolean() ? ANY : of(child, components);
    }

    /** Of a field, whether it is named or stands in a map; {@link #ANY} if nothing is said. */
    public Schema field(String name) {
        if (metadata != null && name.equals("metadata")) {
            return metadata;
        }
        JsonNode property = node.path("properties").path(name);
        return child(property.isMissingNode() ? node.path("additionalProperties") : property);
    }

    public Schema items() {
        return child(node.path("items"));
    }

    /** Whether an object may have this field. */
    public boolean knows(String name) {
        return node.isMissingNode()
                || metadata != null && (name.equals("metadata") || name.equals("apiVersion") || name.equals("kind"))
                || node.path("properties").has(name)
                || node.has("additionalProperties")
                || !node.has("properties")
                || node.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                || node.path("x-kubernetes-embedded-resource").asBoolean()
                        && List.of("apiVersion", "kind", "metadata").contains(name);
    }

    public boolean isNullable() {
        return node.path("nullable").asBoolean();
    }

    /** What a field that is left out means; missing = nothing. */
    public JsonNode defaultOf(String name) {
        return node.path("properties").path(name).path("default");
    }

    public List<String> fields() {
        List<String> names = new ArrayList<>();
        node.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A map or struct that belongs to one manager as a whole. */
    public boolean isAtomicMap() {
        return node.path("x-kubernetes-map-type").asText().equals("atomic")
                || node.path("x-kubernetes-preserve-unknown-fields").asBoolean() && !node.has("properties");
    }

    public boolean isSet() {
        return node.path("x-kubernetes-list-type").asText().equals("set");
    }

    public boolean isListMap() {
        return node.path("x-kubernetes-list-type").asText().equals("map");
    }

    /** Fields that identify an element of a list that is a map. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        return keys;
    }

    /** Of strategic merge patches: the field by which elements are merged; "" = the list is replaced. */
    public String patchMergeKey() {
        return patchStrategy().contains("merge")
                ? node.path("x-kubernetes-patch-merge-key").asText()
                : "";
    }

    public String patchStrategy() {
        return node.path("x-kubernetes-patch-strategy").asText();
    }
}
