package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import io.moorage.cli.kubernetes.fields.ApplyConflict;
import io.moorage.cli.kubernetes.fields.ManagedFields;
import io.moorage.cli.kubernetes.fields.StrategicMerge;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.schema.Validation;
import io.moorage.cli.kubernetes.store.Key;
import io.moorage.cli.kubernetes.store.Store;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Resources as a Kubernetes API server keeps them: versions, generations, subresources, ownership of fields, finalizers. What is
 * given out belongs to the store and must not be changed. Thread-safe.
 */
public final class Resources {
    public static final String APPLY_PATCH = "application/apply-patch+yaml";
    public static final String JSON_PATCH = "application/json-patch+json";
    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String STRATEGIC_PATCH = "application/strategic-merge-patch+json";

    private static final String SUFFIX = "bcdfghjklmnpqrstvwxz2456789";
    private static final int SUFFIX_LENGTH = 5;

    /** What was written. */
    public record Written(ObjectNode object, boolean created, List<String> warnings) {}

    private final Store store;
    private final Catalog catalog;
    private final Admission admission;
    private final InstantSource clock;

    public Resources(Store store, Catalog catalog, Validation validation, InstantSource clock) {
        this.store = store;
        this.catalog = catalog;
        this.admission = new Admission(validation);
        this.clock = clock;
    }

    public Catalog catalog() {
        return catalog;
    }

    public Store store() {
        return store;
    }

    String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    public Optional<ObjectNode> find(String plural, String namespace, String name) {
        return store.get(key(catalog.of(plural), namespace, name));
    }

    /** @param namespace "" = all */
    public List<ObjectNode> list(String plural, String namespace) {
        return store.list(catalog.of(plural).resource(), namespace);
    }

    static Key key(ResourceType type, String namespace, String name) {
        return new Key(type.resource(), type.namespaced() ? namespace : "", name);
    }

    ObjectNode get(ResourceType type, String namespace, String name) {
        return store.get(key(type, namespace, name)).orElseThrow(() -> StatusException.notFound(type, name));
    }

    /** @param body is changed */
    public Written create(ResourceType type, String namespace, ObjectNode body, Write write) {
        Written written;
        synchronized (store) {
            written = createUnforced(type, namespace, body, write);
        }
        store.force();
        return written;
    }

    private Written createUnforced(ResourceType type, String namespace, ObjectNode body, Write write) {
        Admission.identify(body, type, namespace, null);
        ObjectNode metadata = body.withObject("/metadata");
        if (metadata.path("name").asText("").isEmpty()) {
            String prefix = metadata.path("generateName").asText("");
            if (prefix.isEmpty()) {
                throw StatusException.badRequest("name or generateName is required: metadata.name");
            }
            metadata.put("name", prefix + suffix());
        }
        String name = metadata.path("name").asText();
        if (store.get(key(type, namespace, name)).isPresent()) {
            throw StatusException.exists(type, name);
        }
        checkNamespace(type, namespace);
        metadata.remove(List.of("resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "managedFields"));
        List<String> warnings = birth(type, body, write);
        ManagedFields.update(type, JsonNodeFactory.instance.objectNode(), body, writer(write));
        return new Written(write.dryRun() ? body : store.put(key(type, namespace, name), body), true, warnings);
    }

    private List<String> birth(ResourceType type, ObjectNode body, Write write) {
        if (type.hasStatus()) {
            body.remove("status");
        }
        ObjectNode metadata = body.withObject("/metadata");
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", now());
        if (type.schema().knows("spec")) {
            metadata.put("generation", 1);
        }
        List<String> warnings = admission.clean(body, type, write);
        admission.check(type, body, null);
        return warnings;
    }

    private void checkNamespace(ResourceType type, String namespace) {
        if (!type.namespaced()) {
            return;
        }
        ResourceType namespaces = catalog.of("namespaces");
        ObjectNode present = get(namespaces, "", namespace);
        if (present.path("metadata").has("deletionTimestamp")) {
            throw new StatusException(
                    403,
                    "Forbidden",
                    "unable to create new content in namespace " + namespace + " because it is being terminated");
        }
    }

    private static String suffix() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SUFFIX_LENGTH; i++) {
            text.append(SUFFIX.charAt(ThreadLocalRandom.current().nextInt(SUFFIX.length())));
        }
        return text.toString();
    }

    /** Replaces. @param body is changed */
    public Written update(ResourceType type, String namespace, String name, ObjectNode body, Write write) {
        Written written;
        synchronized (store) {
            ObjectNode live = get(type, namespace, name);
            ObjectNode next = body;
            if (write.subresource().equals("scale")) {
                next = Scales.into(type, live, body);
            } else {
                Admission.identify(body, type, namespace, name);
            }
            written = change(type, namespace, name, live, next, write);
        }
        store.force();
        return written;
    }

    /** @param contentType one of the patches above */
    public Written patch(
            ResourceType type, String namespace, String name, String contentType, JsonNode patch, Write write) {
        Written written;
        synchronized (store) {
            Optional<ObjectNode> live = store.get(key(type, namespace, name));
            boolean scale = write.subresource().equals("scale");
            if (contentType.equals(APPLY_PATCH)) {
                written = apply(type, namespace, name, live.orElse(null), object(patch), write);
            } else {
                ObjectNode present = live.orElseThrow(() -> StatusException.notFound(type, name));
                JsonNode target = scale ? Scales.of(type, present) : present;
                ObjectNode patched = object(patched(type, target, contentType, patch));
                if (scale) {
                    patched = Scales.into(type, present, patched);
                } else {
                    Admission.identify(patched, type, namespace, name);
                }
                written = change(type, namespace, name, present, patched, write);
            }
        }
        store.force();
        return written;
    }

    private static JsonNode patched(ResourceType type, JsonNode target, String contentType, JsonNode patch) {
        return switch (contentType) {
            case JSON_PATCH -> {
                try {
                    yield JsonPatch.apply(patch, target.deepCopy());
                } catch (JsonPatchException e) {
                    throw new StatusException(
                            422,
                            "Invalid",
                            "the server rejected our request due to an error in our" + " request: " + e.getMessage());
                }
            }
            case MERGE_PATCH -> StrategicMerge.plain(target, patch);
            case STRATEGIC_PATCH -> {
                if (type.custom()) {
                    throw new StatusException(
                            415,
                            "UnsupportedMediaType",
                            "the body of the request was in an unknown format - accepted media types include: "
                                    + JSON_PATCH + ", " + MERGE_PATCH + ", " + APPLY_PATCH);
                }
                yield StrategicMerge.merge(target, patch, type.schema());
            }
            default ->
                throw new StatusException(
                        415, "UnsupportedMediaType", "patches of type '" + contentType + "' are not known");
        };
    }

    private static ObjectNode object(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw StatusException.badRequest("the body must be an object, not " + node.getNodeType());
    }

    private Written apply(
            ResourceType type, String namespace, String name, ObjectNode live, ObjectNode applied, Write write) {
        if (applied.at("/metadata/managedFields").size() > 0) {
            throw StatusException.badRequest("metadata.managedFields must be nil");
        }
        Admission.identify(applied, type, namespace, name);
        admission.cleanApplied(applied, type, write);
        if (live == null) {
            if (write.isStatus()) {
                throw StatusException.notFound(type, name);
            }
            if (!applied.at("/metadata/uid").asText().isEmpty()) {
                throw StatusException.conflict(type, name, "it has a uid, and does not exist");
            }
            checkNamespace(type, namespace);
        }
        String expected = applied.at("/metadata/resourceVersion").asText();
        if (live != null
                && !expected.isEmpty()
                && !expected.equals(live.at("/metadata/resourceVersion").asText())) {
            throw StatusException.modified(type, name);
        }
        ObjectNode before = live == null ? JsonNodeFactory.instance.objectNode() : live;
        ObjectNode merged;
        try {
            merged = ManagedFields.apply(type, before, applied, writer(write), write.force());
        } catch (ApplyConflict e) {
            throw StatusException.applyConflict(e);
        }
        if (live == null) {
            merged.withObject("/metadata").remove("resourceVersion");
            List<String> warnings = birth(type, merged, write);
            return new Written(write.dryRun() ? merged : store.put(key(type, namespace, name), merged), true, warnings);
        }
        return finish(type, namespace, name, live, merged, write, true);
    }

    private Written change(
            ResourceType type, String namespace, String name, ObjectNode live, ObjectNode body, Write write) {
        String expected = body.at("/metadata/resourceVersion").asText();
        if (!expected.isEmpty()
                && !expected.equals(live.at("/metadata/resourceVersion").asText())) {
            throw StatusException.modified(type, name);
        }
        String uid = body.at("/metadata/uid").asText();
        if (!uid.isEmpty() && !uid.equals(live.at("/metadata/uid").asText())) {
            throw StatusException.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + live.at("/metadata/uid").asText());
        }
        ObjectNode next = body;
        if (write.isStatus() && type.hasStatus()) {
            next = live.deepCopy();
            replace(next, "status", body.path("status"));
        } else if (type.hasStatus()) {
            next = body.deepCopy();
            replace(next, "status", live.path("status"));
        }
        return finish(type, namespace, name, live, next, write, false);
    }

    private static void replace(ObjectNode object, String field, JsonNode value) {
        if (value.isMissingNode()) {
            object.remove(field);
        } else {
            object.set(field, value);
        }
    }

    private Written finish(
            ResourceType type,
            String namespace,
            String name,
            ObjectNode live,
            ObjectNode next,
            Write write,
            boolean applied) {
        Admission.keepServersFields(next, live);
        List<String> warnings = admission.clean(next, type, write);
        if (Admission.specDiffers(live, next)) {
            next.withObject("/metadata")
                    .put("generation", live.at("/metadata/generation").asLong() + 1);
        }
        if (!applied) {
            ManagedFields.update(type, live, next, writer(write));
        }
        if (Admission.isSame(live, next)) {
            return new Written(live, false, warnings);
        }
        admission.check(type, next, live);
        if (write.dryRun()) {
            return new Written(next, false, warnings);
        }
        Key key = key(type, namespace, name);
        boolean gone = next.path("metadata").has("deletionTimestamp")
                && next.at("/metadata/finalizers").isEmpty()
                && next.at("/metadata/deletionGracePeriodSeconds").asInt() == 0;
        store.put(key, next);
        if (gone) {
            store.remove(key);
        }
        return new Written(next, false, warnings);
    }

    private ManagedFields.Writer writer(Write write) {
        return new ManagedFields.Writer(write.manager(), write.subresource(), now());
    }

    /** @return empty: it is gone; otherwise it has yet to be finished by others */
    public Optional<ObjectNode> delete(ResourceType type, String namespace, String name, Removal removal) {
        Optional<ObjectNode> left;
        synchronized (store) {
            left = Deletion.begin(this, type, namespace, get(type, namespace, name), removal);
        }
        store.force();
        return left;
    }
}
