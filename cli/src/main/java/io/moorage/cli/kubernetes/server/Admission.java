package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.schema.Validation;
import io.moorage.cli.kubernetes.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What is done to a resource between a request and the store. */
final class Admission {
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    /** Names that may hold colons and capitals. */
    private static final List<String> FREE_NAMES = List.of("roles", "rolebindings");

    private static final int LONGEST_NAME = 253;
    private static final String[] KEPT = {
        "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"
    };

    private final Validation validation;

    Admission(Validation validation) {
        this.validation = validation;
    }

    /** Says whose resource it is, if it does not itself; refuses one that says otherwise. */
    static void identify(ObjectNode body, ResourceType type, String namespace, String name) {
        same(body, "apiVersion", type.apiVersion());
        same(body, "kind", type.kind());
        if (body.has("metadata") && !body.get("metadata").isObject()) {
            throw StatusException.badRequest("metadata must be an object");
        }
        ObjectNode metadata = body.withObject("/metadata");
        if (type.namespaced()) {
            String given = metadata.path("namespace").asText("");
            if (!given.isEmpty() && !given.equals(namespace)) {
                throw StatusException.badRequest("the namespace of the provided object does not match the namespace"
                        + " sent on the request: " + given + " and " + namespace);
            }
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        if (name != null) {
            String given = metadata.path("name").asText("");
            if (!given.isEmpty() && !given.equals(name)) {
                throw StatusException.badRequest(
                        "the name of the object (" + given + ") does not match the name on the URL (" + name + ")");
            }
            metadata.put("name", name);
        }
    }

    private static void same(ObjectNode body, String field, String expected) {
        String given = body.path(field).asText("");
        if (!given.isEmpty() && !given.equals(expected)) {
            throw StatusException.badRequest(
                    field + " is " + given + ", and the request is about " + field + " " + expected);
        }
        body.put(field, expected);
    }

    /** What only the server says stays as it is. */
    static void keepServersFields(ObjectNode body, JsonNode live) {
        ObjectNode metadata = body.withObject("/metadata");
        metadata.remove("selfLink");
        for (String field : KEPT) {
            JsonNode value = live.path("metadata").path(field);
            if (value.isMissingNode()) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
    }

    /** As {@link #clean}, for what is applied: nothing is added, for what is applied belongs to who applies it. */
    void cleanApplied(ObjectNode applied, ResourceType type, Write write) {
        refuseUnknown(validation.prune(applied, type.schema()), type, write);
    }

    /** @return warnings. @throws StatusException if fields are unknown and that is not to be */
    List<String> clean(ObjectNode body, ResourceType type, Write write) {
        List<String> unknown = validation.prune(body, type.schema());
        refuseUnknown(unknown, type, write);
        if (type.custom()) {
            if (body.has("spec")) {
                validation.fillDefaults(body.get("spec"), type.schema().field("spec"));
            }
            if (body.has("status")) {
                validation.fillDefaults(body.get("status"), type.schema().field("status"));
            }
        } else {
            BuiltIns.fillDefaults(body);
        }
        return write.unknownFields() == Write.UnknownFields.WARN
                ? unknown.stream()
                        .map(field -> "unknown field \"" + field + "\"")
                        .toList()
                : List.of();
    }

    private static void refuseUnknown(List<String> unknown, ResourceType type, Write write) {
        if (!unknown.isEmpty() && write.unknownFields() == Write.UnknownFields.STRICT) {
            List<String> texts = new ArrayList<>();
            unknown.forEach(field -> texts.add("unknown field \"" + field + "\""));
            throw StatusException.badRequest(type.kind() + " in version \"" + type.version()
                    + "\" cannot be handled as a " + type.kind() + ": strict decoding error: "
                    + String.join(", ", texts));
        }
    }

    /** @param live null: it is new. @throws StatusException naming the fields */
    void check(ResourceType type, ObjectNode body, ObjectNode live) {
        String name = body.at("/metadata/name").asText();
        List<Violation> violations = new ArrayList<>();
        if (live == null
                        && !FREE_NAMES.contains(type.plural())
                        && !NAME.matcher(name).matches()
                || name.length() > LONGEST_NAME
                || name.contains("/")) {
            violations.add(new Violation(
                    "FieldValueInvalid",
                    "metadata.name",
                    "Invalid value: \"" + name + "\": a lowercase RFC 1123 subdomain must consist of lower case"
                            + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric"
                            + " character"));
        }
        violations.addAll(validation.violations(type, body, live));
        if (!type.custom() && violations.isEmpty()) {
            violations.addAll(BuiltIns.violations(body));
            if (live != null) {
                violations.addAll(BuiltIns.changes(live, body));
            }
        }
        if (!violations.isEmpty()) {
            throw StatusException.invalid(type, name, violations);
        }
    }

    /** Whether something else than metadata and status differs. */
    static boolean specDiffers(ObjectNode before, ObjectNode after) {
        return !without(before).equals(without(after));
    }

    private static ObjectNode without(ObjectNode resource) {
        ObjectNode rest = resource.objectNode();
        resource.properties().forEach(field -> {
            if (!field.getKey().equals("metadata") && !field.getKey().equals("status")) {
                rest.set(field.getKey(), field.getValue());
            }
        });
        return rest;
    }

    /** Whether the times of managers and versions are all that differs. */
    static boolean isSame(ObjectNode before, ObjectNode after) {
        return timeless(before).equals(timeless(after));
    }

    private static ObjectNode timeless(ObjectNode resource) {
        ObjectNode copy = resource.deepCopy();
        ObjectNode metadata = copy.withObject("/metadata");
        metadata.remove("resourceVersion");
        metadata.path("managedFields").forEach(entry -> ((ObjectNode) entry).remove("time"));
        return copy;
    }
}
