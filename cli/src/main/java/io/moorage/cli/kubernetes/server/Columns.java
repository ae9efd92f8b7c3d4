package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.moorage.cli.kubernetes.schema.Paths;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What kubectl shows of a type of resources. */
final class Columns {
    /**
     * One of them.
     *
     * @param priority 0 = always shown; 1 = with -o wide
     */
    record Column(
            String name,
            String type,
            String format,
            String description,
            int priority,
            BiFunction<JsonNode, Instant, JsonNode> cell) {}

    private static final String NONE = "<none>";
    private static final Column NAME = new Column(
            "Name", "string", "name", "Name of the resource.", 0, (resource, now) -> resource.at("/metadata/name"));
    private static final Column AGE =
            column("Age", (resource, now) -> age(resource.at("/metadata/creationTimestamp"), now));

    private Columns() {}

    static List<Column> of(ResourceType type) {
        List<Column> columns = new ArrayList<>();
        if (!type.kind().equals("Event")) {
            columns.add(NAME);
        }
        if (type.custom()) {
            type.columns().forEach(column -> columns.add(custom(column)));
        } else {
            columns.addAll(builtIn(type.kind()));
        }
        if (!type.kind().equals("Event")
                && columns.stream().noneMatch(column -> column.name().equals("Age"))) {
            columns.add(AGE);
        }
        return columns;
    }

    private static Column custom(JsonNode column) {
        String type = column.path("type").asText();
        String path = column.path("jsonPath").asText();
        return new Column(
                column.path("name").asText(),
                type,
                column.path("format").asText(),
                column.path("description").asText(""),
                column.path("priority").asInt(),
                (resource, now) -> {
                    JsonNode value = Paths.first(resource, path);
                    if (value.isMissingNode()) {
                        return NullNode.getInstance();
                    }
                    return switch (type) {
                        case "date" -> age(value, now);
                        case "integer", "number", "boolean" -> value;
                        default -> TextNode.valueOf(value.isValueNode() ? value.asText() : value.toString());
                    };
                });
    }

    private static Column column(String name, BiFunction<JsonNode, Instant, JsonNode> cell) {
        return new Column(name, "string", "", name, 0, cell);
    }

    private static Column text(String name, Function<JsonNode, String> cell) {
        return column(name, (resource, now) -> TextNode.valueOf(cell.apply(resource)));
    }

    private static Column number(String name, Function<JsonNode, Integer> cell) {
        return new Column(
                name,
                "integer",
                "",
                name,
                0,
                (resource, now) -> JsonNodeFactory.instance.numberNode(cell.apply(resource)));
    }

    private static Column wide(Column column) {
        return new Column(column.name(), column.type(), "", column.description(), 1, column.cell());
    }

    private static Column path(String name, String pointer) {
        return text(name, resource -> resource.at(pointer).asText(NONE));
    }

    private static List<Column> builtIn(String kind) {
        return switch (kind) {
            case "Pod" ->
                List.of(
                        text("Ready", PodColumns::ready),
                        text("Status", PodColumns::status),
                        number("Restarts", PodColumns::restarts),
                        AGE,
                        wide(path("IP", "/status/podIP")),
                        wide(path("Node", "/spec/nodeName")),
                        wide(text(
                                "Address",
                                resource -> resource.at("/metadata/annotations")
                                        .path("moorage.io/service-address")
                                        .asText(NONE))));
            case "StatefulSet" -> List.of(text("Ready", Columns::readyReplicas));
            case "Deployment" ->
                List.of(
                        text("Ready", Columns::readyReplicas),
                        number(
                                "Up-to-date",
                                resource ->
                                        resource.at("/status/updatedReplicas").asInt()),
                        number(
                                "Available",
                                resource ->
                                        resource.at("/status/availableReplicas").asInt()));
            case "Service" ->
                List.of(
                        path("Type", "/spec/type"),
                        path("Cluster-IP", "/spec/clusterIP"),
                        text("External-IP", resource -> NONE),
                        text("Port(s)", Columns::ports));
            case "PersistentVolumeClaim" ->
                List.of(
                        text(
                                "Status",
                                resource -> resource.path("metadata").has("deletionTimestamp")
                                        ? "Terminating"
                                        : resource.at("/status/phase").asText("Pending")),
                        text(
                                "Volume",
                                resource -> resource.at("/spec/volumeName").asText("")),
                        text(
                                "Capacity",
                                resource ->
                                        resource.at("/status/capacity/storage").asText("")),
                        text("Access Modes", resource -> modes(resource.at("/status/accessModes"))),
                        text(
                                "StorageClass",
                                resource ->
                                        resource.at("/spec/storageClassName").asText("")));
            case "ConfigMap" ->
                List.of(number(
                        "Data",
                        resource -> resource.path("data").size()
                                + resource.path("binaryData").size()));
            case "Secret" ->
                List.of(
                        text("Type", resource -> resource.path("type").asText("Opaque")),
                        number("Data", resource -> resource.path("data").size()));
            case "Event" ->
                List.of(
                        column("Last Seen", (resource, now) -> age(lastSeen(resource), now)),
                        path("Type", "/type"),
                        path("Reason", "/reason"),
                        text(
                                "Object",
                                resource -> resource.at("/involvedObject/kind")
                                                .asText()
                                                .toLowerCase(java.util.Locale.ROOT)
                                        + "/"
                                        + resource.at("/involvedObject/name").asText()),
                        text(
                                "Message",
                                resource -> resource.path("message").asText("").strip()));
            case "Node" -> List.of(text("Status", resource -> "Ready"), text("Roles", resource -> NONE), AGE);
            case "Namespace" -> List.of(path("Status", "/status/phase"));
            case "PodDisruptionBudget" ->
                List.of(
                        text(
                                "Min Available",
                                resource -> resource.at("/spec/minAvailable").asText("N/A")),
                        text(
                                "Max Unavailable",
                                resource -> resource.at("/spec/maxUnavailable").asText("N/A")));
            case "CustomResourceDefinition" ->
                List.of(text(
                        "Created At",
                        resource -> resource.at("/metadata/creationTimestamp").asText()));
            case "StorageClass" ->
                List.of(path("Provisioner", "/provisioner"), path("ReclaimPolicy", "/reclaimPolicy"));
            default -> List.of();
        };
    }

    private static JsonNode lastSeen(JsonNode event) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
            if (event.path(field).isTextual()) {
                return event.path(field);
            }
        }
        return event.at("/metadata/creationTimestamp");
    }

    private static JsonNode age(JsonNode time, Instant now) {
        try {
            return TextNode.valueOf(Ages.show(Duration.between(Instant.parse(time.asText()), now)));
        } catch (DateTimeException e) {
            return TextNode.valueOf("<unknown>");
        }
    }

    private static String readyReplicas(JsonNode resource) {
        return resource.at("/status/readyReplicas").asInt() + "/"
                + resource.at("/spec/replicas").asInt();
    }

    private static String ports(JsonNode service) {
        List<String> ports = new ArrayList<>();
        service.at("/spec/ports")
                .forEach(port -> ports.add(
                        port.path("port").asText() + "/" + port.path("protocol").asText("TCP")));
        return ports.isEmpty() ? NONE : String.join(",", ports);
    }

    private static String modes(JsonNode modes) {
        List<String> texts = new ArrayList<>();
        modes.forEach(mode -> texts.add(mode.asText().replaceAll("[^A-Z]", "")));
        return String.join(",", texts);
    }
}
