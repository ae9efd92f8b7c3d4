package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * OpenAPI documents of version 3, one for each version of a group. They hold the schemas, which
 * {@code kubectl explain} shows, and as much of the operations as clients look for: which type they are about, and that the server
 * validates fields itself.
 */
final class OpenApi {
    private static final String V3_REFERENCE = "#/components/schemas/";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Catalog catalog;

    OpenApi(Catalog catalog) {
        this.catalog = catalog;
    }

    private static String path(ResourceType type) {
        return type.group().isEmpty() ? "api/" + type.version() : "apis/" + type.apiVersion();
    }

    ObjectNode index() {
        ObjectNode index = NODES.objectNode();
        ObjectNode paths = index.putObject("paths");
        for (String path : paths()) {
            String hash = Integer.toHexString(catalog.components().hashCode());
            paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash);
        }
        return index;
    }

    private Set<String> paths() {
        Set<String> paths = new TreeSet<>();
        catalog.types().forEach(type -> paths.add(path(type)));
        return paths;
    }

    /** @param path such as "apis/moorage.io/v1alpha1" */
    Optional<ObjectNode> v3(String path) {
        if (!paths().contains(path)) {
            return Optional.empty();
        }
        List<ResourceType> types =
                catalog.types().stream().filter(type -> path(type).equals(path)).toList();
        ObjectNode document = NODES.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", "v1.35.0+moorage");
        ObjectNode operations = document.putObject("paths");
        types.forEach(type -> operations(operations, type));
        document.putObject("components").set("schemas", schemas(types));
        return Optional.of(document);
    }

    private ObjectNode schemas(List<ResourceType> types) {
        Set<String> names = new LinkedHashSet<>();
        Deque<String> open = new ArrayDeque<>();
        types.forEach(type -> open.add(type.definition()));
        ObjectNode schemas = NODES.objectNode();
        while (!open.isEmpty()) {
            String name = open.poll();
            if (names.add(name)) {
                JsonNode schema = catalog.components().path(name);
                schemas.set(name, schema);
                schema.findValues("$ref").stream()
                        .filter(JsonNode::isTextual)
                        .forEach(reference -> open.add(reference.asText().substring(V3_REFERENCE.length())));
            }
        }
        return schemas;
    }

    private static void operations(ObjectNode paths, ResourceType type) {
        String base = "/" + path(type) + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural();
        ObjectNode collection = paths.putObject(base);
        operation(collection, "get", "list", type);
        operation(collection, "post", "post", type);
        ObjectNode item = paths.putObject(base + "/{name}");
        operation(item, "get", "get", type);
        operation(item, "put", "put", type);
        operation(item, "patch", "patch", type);
        operation(item, "delete", "delete", type);
    }

    private static void operation(ObjectNode path, String method, String action, ResourceType type) {
        ObjectNode operation = path.putObject(method);
        operation
                .put("operationId", action + type.group() + type.version() + type.kind())
                .put("x-kubernetes-action", action);
        operation
                .putObject("x-kubernetes-group-version-kind")
                .put("group", type.group())
                .put("version", type.version())
                .put("kind", type.kind());
        ArrayNode parameters = operation.putArray("parameters");
        if (!method.equals("get")) {
            for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
                parameters
                        .addObject()
                        .put("name", name)
                        .put("in", "query")
                        .putObject("schema")
                        .put("type", "string");
            }
        }
        operation.putObject("responses").putObject("200").put("description", "OK");
    }
}
