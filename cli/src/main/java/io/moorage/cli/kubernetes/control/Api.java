package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.server.Removal;
import io.moorage.cli.kubernetes.server.Resources;
import io.moorage.cli.kubernetes.server.StatusException;
import io.moorage.cli.kubernetes.server.Write;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Resources as a controller sees and changes them, in its name. */
final class Api {
    private static final int NOT_FOUND = 404;

    private final Resources resources;
    private final Write write;
    private final InstantSource clock;

    Api(Resources resources, String controller, InstantSource clock) {
        this.resources = resources;
        this.write = Write.by(controller);
        this.clock = clock;
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    List<ObjectNode> list(String plural) {
        return resources.list(plural, "");
    }

    List<ObjectNode> list(String plural, String namespace) {
        return resources.list(plural, namespace);
    }

    Optional<ObjectNode> find(String plural, String namespace, String name) {
        return resources.find(plural, namespace, name);
    }

    ObjectNode create(String plural, String namespace, ObjectNode object) {
        return resources.create(type(plural), namespace, object, write).object();
    }

    /** Changes the object as it is now; nothing if it is gone. */
    void change(String plural, JsonNode object, Consumer<ObjectNode> edit) {
        edit(plural, object, write, edit);
    }

    /** @param edit is given the status, as it is now */
    void status(String plural, JsonNode object, Consumer<ObjectNode> edit) {
        edit(plural, object, write.to("status"), next -> edit.accept(next.withObject("/status")));
    }

    private void edit(String plural, JsonNode object, Write how, Consumer<ObjectNode> edit) {
        String namespace = Objects.namespace(object);
        String name = Objects.name(object);
        Optional<ObjectNode> live =
                find(plural, namespace, name).filter(found -> Objects.uid(found).equals(Objects.uid(object)));
        if (live.isEmpty()) {
            return;
        }
        ObjectNode next = live.get().deepCopy();
        edit.accept(next);
        if (!next.equals(live.get())) {
            try {
                resources.update(type(plural), namespace, name, next, how);
            } catch (StatusException e) {
                // Somebody was faster, or it is gone: it is looked at again soon.
                if (e.code() != NOT_FOUND && e.code() != 409) {
                    throw e;
                }
            }
        }
    }

    void delete(String plural, JsonNode object, Removal removal) {
        Removal same = new Removal(removal.propagation(), removal.graceSeconds(), Objects.uid(object), "", false);
        try {
            resources.delete(type(plural), Objects.namespace(object), Objects.name(object), same);
        } catch (StatusException e) {
            if (e.code() != NOT_FOUND && e.code() != 409) {
                throw e;
            }
        }
    }

    /** Tells what was done about an object. @param type Normal or Warning */
    void event(JsonNode about, String type, String reason, String message) {
        String namespace = Objects.namespace(about).isEmpty() ? "default" : Objects.namespace(about);
        String name =
                Objects.name(about) + "." + Integer.toHexString((Objects.uid(about) + reason + message).hashCode());
        Optional<ObjectNode> present = find("events", namespace, name);
        if (present.isPresent()) {
            change(
                    "events",
                    present.get(),
                    event -> event.put("count", event.path("count").asInt() + 1).put("lastTimestamp", now()));
            return;
        }
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.putObject("metadata").put("name", name);
        event.putObject("involvedObject")
                .put("apiVersion", about.path("apiVersion").asText())
                .put("kind", about.path("kind").asText())
                .put("namespace", Objects.namespace(about))
                .put("name", Objects.name(about))
                .put("uid", Objects.uid(about));
        event.put("type", type)
                .put("reason", reason)
                .put("message", message)
                .put("count", 1)
                .put("firstTimestamp", now())
                .put("lastTimestamp", now())
                .put("reportingComponent", write.manager())
                .put("reportingInstance", Seeds.NODE);
        event.putObject("source").put("component", write.manager());
        create("events", namespace, event);
    }

    private ResourceType type(String plural) {
        return resources.catalog().of(plural);
    }
}
