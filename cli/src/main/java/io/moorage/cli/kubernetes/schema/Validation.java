package io.moorage.cli.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an API server does to a resource before it keeps it: unknown fields cut, defaults, schema, rules. Thread-safe. */
public final class Validation {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 120;

    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().pathType(PathType.JSON_PATH).build()));
    private final Map<String, com.networknt.schema.Schema> compiled = new ConcurrentHashMap<>();
    private final Catalog catalog;
    private volatile Rules rules;

    public Validation(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Cuts what the schema does not know and fields that are null. @return paths of what was not known */
    public List<String> prune(JsonNode value, Schema schema) {
        List<String> unknown = new ArrayList<>();
        prune(value, schema, "", unknown);
        return unknown;
    }

    private static void prune(JsonNode value, Schema schema, String path, List<String> unknown) {
        if (value instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> fields = object.fields();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                if (!schema.knows(field.getKey())) {
                    unknown.add(child);
                    fields.remove();
                } else if (field.getValue().isNull()
                        && !schema.field(field.getKey()).isNullable()
                        && schema.field(field.getKey()) != Schema.ANY) {
                    fields.remove();
                } else if (!child.equals("metadata.managedFields")) {
                    prune(field.getValue(), schema.field(field.getKey()), child, unknown);
                }
            }
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                prune(array.get(i), schema.items(), path + "[" + i + "]", unknown);
            }
        }
    }

    /** Fills in what the schema says about fields that are left out. For custom resources. */
    public void fillDefaults(JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (String name : schema.fields()) {
                JsonNode standard = schema.defaultOf(name);
                if (!object.has(name) && !standard.isMissingNode()) {
                    object.set(name, standard.deepCopy());
                }
                if (object.has(name)) {
                    fillDefaults(object.get(name), schema.field(name));
                }
            }
        } else if (value.isArray()) {
            value.forEach(item -> fillDefaults(item, schema.items()));
        }
    }

    /** @param old before the change; null = it is new */
    public List<Violation> violations(ResourceType type, JsonNode resource, JsonNode old) {
        List<Violation> violations = new ArrayList<>();
        for (Error error : schema(type).validate(resource)) {
            violations.add(violation(error, resource));
        }
        if (violations.isEmpty() && type.custom()) {
            rules().check("", type.schema(), resource, old, violations);
        }
        return violations.stream().distinct().toList();
    }

    private Rules rules() {
        if (rules == null) {
            synchronized (this) {
                if (rules == null) {
                    rules = new Rules();
                }
            }
        }
        return rules;
    }

    private com.networknt.schema.Schema schema(ResourceType type) {
        return compiled.computeIfAbsent(type.resource(), name -> {
            ObjectNode document = JSON.createObjectNode().put("$ref", "#/components/schemas/" + type.definition());
            document.putObject("components").set("schemas", catalog.components());
            return registry.getSchema(document);
        });
    }

    private static Violation violation(Error error, JsonNode resource) {
        String path = error.getInstanceLocation().toString().replaceFirst("^\\$\\.?", "");
        if (error.getKeyword().equals("required")) {
            return new Violation(
                    "FieldValueRequired",
                    path.isEmpty() ? error.getProperty() : path + "." + error.getProperty(),
                    "Required value");
        }
        JsonNode value = resource.at(error.getInstanceLocation().toString().equals("$") ? "" : pointer(path));
        String shown =
                value.toString().length() > SHOWN ? value.toString().substring(0, SHOWN) + "…" : value.toString();
        String message = error.getMessage().replaceFirst("^\\$[^:]*: ", "");
        return error.getKeyword().equals("enum")
                ? new Violation("FieldValueNotSupported", path, "Unsupported value: " + shown + ": " + message)
                : new Violation(
                        error.getKeyword().equals("type") ? "FieldValueTypeInvalid" : "FieldValueInvalid",
                        path,
                        "Invalid value: " + shown + ": " + message);
    }

    private static String pointer(String path) {
        return "/" + path.replace("[", "/").replace("]", "").replace(".", "/");
    }
}
