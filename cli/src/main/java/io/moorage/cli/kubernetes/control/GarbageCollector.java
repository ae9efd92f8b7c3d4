package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.server.Removal;
import io.moorage.cli.kubernetes.store.Key;
import io.moorage.cli.kubernetes.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** Deletes what belongs to what is gone: dependents of owners, contents of namespaces, events that are old. */
final class GarbageCollector implements Controller {
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";
    private static final Duration EVENTS = Duration.ofHours(1);
    private static final Duration EVERY = Duration.ofSeconds(30);

    private final Api api;
    private final Store store;
    private final Catalog catalog;
    private final InstantSource clock;
    private long seen = -1;
    private Instant last = Instant.EPOCH;

    GarbageCollector(Api api, Store store, Catalog catalog, InstantSource clock) {
        this.api = api;
        this.store = store;
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public void reconcile() {
        boolean late = last.plus(EVERY).isBefore(clock.instant());
        if (store.version() == seen && !late) {
            return;
        }
        seen = store.version();
        if (late) {
            last = clock.instant();
            forgetEvents();
        }
        Map<Key, ObjectNode> all = new HashMap<>(store.all());
        // Looked up later, so that no owner of what was seen is missed.
        Map<String, ObjectNode> byUid = new HashMap<>();
        store.all().values().forEach(object -> byUid.put(Objects.uid(object), object));
        all.forEach((key, object) -> {
            String plural = plural(key);
            if (Objects.isDeleted(object) && Objects.hasFinalizer(object, ORPHAN)) {
                all.forEach((other, dependent) -> release(other, dependent, object));
                api.change(plural, object, next -> Objects.removeFinalizer(next, ORPHAN));
            } else if (Objects.isDeleted(object) && Objects.hasFinalizer(object, FOREGROUND)) {
                if (!deleteDependents(all, object)) {
                    api.change(plural, object, next -> Objects.removeFinalizer(next, FOREGROUND));
                }
            } else if (isAbandoned(object, byUid)) {
                deleteOnce(plural, object);
            }
        });
        api.list("namespaces").stream().filter(Objects::isDeleted).forEach(namespace -> empty(namespace, all));
    }

    private String plural(Key key) {
        return catalog.ofResource(key.resource()).map(ResourceType::plural).orElseThrow();
    }

    private static boolean refersTo(JsonNode object, JsonNode owner) {
        for (JsonNode reference : object.at("/metadata/ownerReferences")) {
            if (reference.path("uid").asText().equals(Objects.uid(owner))) {
                return true;
            }
        }
        return false;
    }

    private void release(Key key, ObjectNode dependent, ObjectNode owner) {
        if (!refersTo(dependent, owner)) {
            return;
        }
        api.change(plural(key), dependent, next -> {
            ArrayNode references = (ArrayNode) next.at("/metadata/ownerReferences");
            for (int i = references.size() - 1; i >= 0; i--) {
                if (references.get(i).path("uid").asText().equals(Objects.uid(owner))) {
                    references.remove(i);
                }
            }
        });
    }

    /** @return whether the owner has to wait for some */
    private boolean deleteDependents(Map<Key, ObjectNode> all, ObjectNode owner) {
        boolean waits = false;
        for (Map.Entry<Key, ObjectNode> each : all.entrySet()) {
            ObjectNode dependent = each.getValue();
            if (refersTo(dependent, owner)) {
                deleteOnce(plural(each.getKey()), dependent);
                for (JsonNode reference : dependent.at("/metadata/ownerReferences")) {
                    waits |= reference.path("blockOwnerDeletion").asBoolean()
                            && reference.path("uid").asText().equals(Objects.uid(owner));
                }
            }
        }
        return waits;
    }

    private void deleteOnce(String plural, ObjectNode object) {
        if (!Objects.isDeleted(object)) {
            api.delete(plural, object, Removal.USUAL);
        }
    }

    /** It has owners, and none of them is there. */
    private static boolean isAbandoned(ObjectNode object, Map<String, ObjectNode> byUid) {
        JsonNode references = object.at("/metadata/ownerReferences");
        for (JsonNode reference : references) {
            if (byUid.containsKey(reference.path("uid").asText())) {
                return false;
            }
        }
        return !references.isEmpty();
    }

    private void empty(ObjectNode namespace, Map<Key, ObjectNode> all) {
        boolean left = false;
        for (Map.Entry<Key, ObjectNode> each : all.entrySet()) {
            if (each.getKey().namespace().equals(Objects.name(namespace))) {
                deleteOnce(plural(each.getKey()), each.getValue());
                left = true;
            }
        }
        if (!left) {
            api.change("namespaces", namespace, next -> Objects.removeFinalizer(next, Seeds.NAMESPACE_FINALIZER));
        }
    }

    private void forgetEvents() {
        Instant oldest = clock.instant().minus(EVENTS);
        for (ObjectNode event : api.list("events")) {
            String time = event.path("lastTimestamp")
                    .asText(event.at("/metadata/creationTimestamp").asText());
            if (Instant.parse(time).isBefore(oldest)) {
                api.delete("events", event, Removal.USUAL);
            }
        }
    }
}
