package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.store.Key;
import java.util.Optional;

/** How a resource is deleted: at once, or marked until its finalizers are done and its pod's processes have ended. */
final class Deletion {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";

    private Deletion() {}

    static Optional<ObjectNode> begin(
            Resources resources, ResourceType type, String namespace, ObjectNode live, Removal removal) {
        JsonNode metadata = live.path("metadata");
        String name = metadata.path("name").asText();
        if (!removal.uid().isEmpty()
                        && !removal.uid().equals(metadata.path("uid").asText())
                || !removal.version().isEmpty()
                        && !removal.version()
                                .equals(metadata.path("resourceVersion").asText())) {
            throw StatusException.conflict(type, name, "Precondition failed: it is not the one that was to be deleted");
        }
        if (removal.dryRun()) {
            return Optional.empty();
        }
        ObjectNode next = live.deepCopy();
        ObjectNode marked = next.withObject("/metadata");
        long grace = grace(type, live, removal);
        addFinalizer(marked, removal);
        Key key = Resources.key(type, namespace, name);
        if (marked.path("finalizers").isEmpty() && grace == 0) {
            resources.store().remove(key);
            return Optional.empty();
        }
        if (!metadata.has("deletionTimestamp")) {
            marked.put("deletionTimestamp", resources.now());
        }
        long before = metadata.path("deletionGracePeriodSeconds").asLong(Long.MAX_VALUE);
        marked.put("deletionGracePeriodSeconds", Math.min(before, grace));
        if (marked.has("generation") && !metadata.has("deletionTimestamp")) {
            marked.put("generation", marked.path("generation").asLong() + 1);
        }
        return Optional.of(
                Admission.isSame(live, next) ? live : resources.store().put(key, next));
    }

    /** Only pods that were placed end in peace. */
    private static long grace(ResourceType type, ObjectNode live, Removal removal) {
        boolean placed = type.plural().equals("pods")
                && type.group().isEmpty()
                && live.path("spec").has("nodeName");
        if (!placed) {
            return 0;
        }
        return removal.graceSeconds() != null
                ? Math.max(0, removal.graceSeconds())
                : live.at("/spec/terminationGracePeriodSeconds").asLong(30);
    }

    private static void addFinalizer(ObjectNode metadata, Removal removal) {
        String finalizer = switch (removal.propagation()) {
            case "Foreground" -> FOREGROUND;
            case "Orphan" -> ORPHAN;
            default -> "";
        };
        if (finalizer.isEmpty()) {
            return;
        }
        ArrayNode finalizers =
                metadata.get("finalizers") instanceof ArrayNode array ? array : metadata.putArray("finalizers");
        for (JsonNode each : finalizers) {
            if (each.asText().equals(finalizer)) {
                return;
            }
        }
        finalizers.add(finalizer);
    }
}
