package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.fields.ApplyConflict;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.schema.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** A request is refused, in the words of a Kubernetes API server. */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    public StatusException(int code, String reason, String message) {
        this(code, reason, message, null);
    }

    private StatusException(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public int code() {
        return code;
    }

    static StatusException badRequest(String message) {
        return new StatusException(400, "BadRequest", message);
    }

    static StatusException notFound(ResourceType type, String name) {
        return new StatusException(
                NOT_FOUND, "NotFound", type.resource() + " \"" + name + "\" not found", about(type, name));
    }

    static StatusException exists(ResourceType type, String name) {
        return new StatusException(
                CONFLICT, "AlreadyExists", type.resource() + " \"" + name + "\" already exists", about(type, name));
    }

    static StatusException modified(ResourceType type, String name) {
        return conflict(
                type,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    static StatusException conflict(ResourceType type, String name, String why) {
        return new StatusException(
                CONFLICT,
                "Conflict",
                "Operation cannot be fulfilled on " + type.resource() + " \"" + name + "\": " + why,
                about(type, name));
    }

    static StatusException applyConflict(ApplyConflict e) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ArrayNode causes = details.putArray("causes");
        e.fields()
                .forEach(field -> causes.addObject()
                        .put("reason", "FieldManagerConflict")
                        .put("message", "conflict with \"" + field.manager() + "\"")
                        .put("field", field.field()));
        String list = e.fields().stream()
                .map(field -> "conflict with \"" + field.manager() + "\": " + field.field())
                .collect(Collectors.joining(", "));
        return new StatusException(CONFLICT, "Conflict", e.getMessage() + ": " + list, details);
    }

    static StatusException invalid(ResourceType type, String name, List<Violation> violations) {
        ObjectNode details = about(type, name);
        details.put("kind", type.kind());
        ArrayNode causes = details.putArray("causes");
        violations.forEach(violation -> causes.addObject()
                .put("reason", violation.reason())
                .put("message", violation.message())
                .put("field", violation.field()));
        String list = violations.stream()
                .map(violation -> (violation.field().isEmpty() ? "" : violation.field() + ": ") + violation.message())
                .collect(Collectors.joining(", "));
        String kind = type.kind() + (type.group().isEmpty() ? "" : "." + type.group());
        return new StatusException(
                INVALID,
                "Invalid",
                kind + " \"" + name + "\" is invalid: " + (violations.size() == 1 ? list : "[" + list + "]"),
                details);
    }

    private static ObjectNode about(ResourceType type, String name) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("group", type.group())
                .put("kind", type.plural());
    }

    /** As it is sent. */
    ObjectNode json() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", code);
        if (details != null) {
            status.set("details", details);
        }
        return status;
    }
}
