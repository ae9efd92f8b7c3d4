package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Resources in the form that a client asks for. */
final class Rendering {
    /** Of answers, by what {@code Accept} says. */
    enum Form {
        FULL,
        TABLE,
        METADATA
    }

    /**
     * What is to be sent.
     *
     * @param objects what rows of tables hold of the resources: None, Metadata or Object
     */
    record Request(Form form, String objects) {}

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final InstantSource clock;

    Rendering(InstantSource clock) {
        this.clock = clock;
    }

    /** @throws StatusException 406 */
    static Request negotiate(String accept, String includeObject) {
        String objects = includeObject.isEmpty() ? "Metadata" : includeObject;
        if (accept == null || accept.isBlank()) {
            return new Request(Form.FULL, objects);
        }
        for (String range : accept.split(",")) {
            String type = range.split(";")[0].strip();
            if (!type.equals("application/json") && !type.equals("*/*") && !type.equals("application/*")) {
                continue;
            }
            String as = parameter(range, "as");
            String version = parameter(range, "v");
            if (as.isEmpty()) {
                return new Request(Form.FULL, objects);
            } else if (as.equals("Table") && version.equals("v1")) {
                return new Request(Form.TABLE, objects);
            } else if (as.startsWith("PartialObjectMetadata") && version.equals("v1")) {
                return new Request(Form.METADATA, objects);
            }
        }
        throw new StatusException(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json,"
                        + " application/json;as=Table;g=meta.k8s.io;v=v1,"
                        + " application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    }

    private static String parameter(String range, String name) {
        for (String part : range.split(";")) {
            String text = part.strip();
            if (text.startsWith(name + "=")) {
                return text.substring(name.length() + 1);
            }
        }
        return "";
    }

    JsonNode one(ResourceType type, ObjectNode object, Request request) {
        return switch (request.form()) {
            case TABLE ->
                table(
                        type,
                        List.of(object),
                        object.at("/metadata/resourceVersion").asText(),
                        request,
                        true);
            case METADATA -> metadata(object);
            default -> object;
        };
    }

    JsonNode list(ResourceType type, List<ObjectNode> objects, String version, Request request) {
        if (request.form() == Form.TABLE) {
            return table(type, objects, version, request, true);
        }
        boolean metadata = request.form() == Form.METADATA;
        ObjectNode list = NODES.objectNode();
        list.put("kind", metadata ? "PartialObjectMetadataList" : type.kind() + "List")
                .put("apiVersion", metadata ? "meta.k8s.io/v1" : type.apiVersion());
        list.putObject("metadata").put("resourceVersion", version);
        ArrayNode items = list.putArray("items");
        objects.forEach(object -> items.add(metadata ? metadata(object) : object));
        return list;
    }

    private static ObjectNode metadata(ObjectNode object) {
        ObjectNode partial = NODES.objectNode();
        partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    /** @param head whether the columns are described, which is done once in a watch */
    ObjectNode table(ResourceType type, List<ObjectNode> objects, String version, Request request, boolean head) {
        Instant now = clock.instant();
        List<Columns.Column> columns = Columns.of(type);
        ObjectNode table = NODES.objectNode();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata").put("resourceVersion", version);
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (head) {
            columns.forEach(column -> definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type().equals("date") ? "string" : column.type())
                    .put("format", column.format())
                    .put("description", column.description())
                    .put("priority", column.priority()));
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : objects) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            columns.forEach(column -> cells.add(column.cell().apply(object, now)));
            switch (request.objects()) {
                case "None" -> {}
                case "Object" -> row.set("object", object);
                default -> row.set("object", metadata(object));
            }
        }
        return table;
    }
}
