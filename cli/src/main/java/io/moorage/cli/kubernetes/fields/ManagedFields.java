package io.moorage.cli.kubernetes.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who wants which fields of a resource ("Server-Side Apply" in the Kubernetes documentation; structured-merge-diff). Other than there,
 * nothing is converted between versions, for each type has one.
 */
public final class ManagedFields {
    private static final String APPLY = "Apply";
    private static final String UPDATE = "Update";

    private record Manager(String name, String operation, String subresource) implements Comparable<Manager> {
        @Override
        public int compareTo(Manager other) {
            int order = operation.compareTo(other.operation);
            order = order != 0 ? order : name.compareTo(other.name);
            return order != 0 ? order : subresource.compareTo(other.subresource);
        }
    }

    /** Who writes, and when. @param subresource "" or "status" or "scale" */
    public record Writer(String name, String subresource, String time) {}

    private final ResourceType type;
    private final Map<Manager, FieldSet> sets = new TreeMap<>();
    private final Map<Manager, String> times = new TreeMap<>();

    private ManagedFields(ResourceType type, JsonNode entries) {
        this.type = type;
        for (JsonNode entry : entries) {
            Manager manager = new Manager(
                    entry.path("manager").asText(),
                    entry.path("operation").asText(),
                    entry.path("subresource").asText());
            sets.put(manager, FieldSet.parse(entry.path("fieldsV1")));
            times.put(manager, entry.path("time").asText());
        }
    }

    /**
     * What server-side apply makes of a resource.
     *
     * @param live as it is; an empty object if it is new
     * @param applied what the writer wants, and all it wants
     * @param force whether to take over fields that others want otherwise
     */
    public static ObjectNode apply(ResourceType type, ObjectNode live, ObjectNode applied, Writer writer, boolean force)
            throws ApplyConflict {
        ManagedFields fields = new ManagedFields(type, live.at("/metadata/managedFields"));
        boolean status = writer.subresource().equals("status");
        Manager manager = new Manager(writer.name(), APPLY, writer.subresource());
        FieldSet wanted = FieldSet.of(applied, type.schema(), type.hasStatus(), status);
        ObjectNode mine = applied.deepCopy();
        if (type.hasStatus()) {
            if (status) {
                mine.retain("apiVersion", "kind", "status");
            } else {
                mine.remove("status");
            }
        }
        ObjectNode merged = (ObjectNode) Values.merge(live, mine, type.schema());
        fields.settle(manager, wanted, live, merged, force);

        FieldSet before = fields.sets.getOrDefault(manager, new FieldSet());
        FieldSet others = wanted.copy();
        fields.sets.forEach((other, set) -> {
            if (!other.equals(manager)) {
                others.addAll(set);
            }
        });
        Values.cut(merged, type.schema(), before.minus(wanted), others);
        fields.sets.put(manager, wanted);
        fields.times.putIfAbsent(manager, writer.time());
        fields.write(live, merged, List.of(manager), writer.time());
        return merged;
    }

    private void settle(Manager manager, FieldSet wanted, ObjectNode live, ObjectNode merged, boolean force)
            throws ApplyConflict {
        List<ApplyConflict.Field> conflicts = new ArrayList<>();
        FieldSet taken = new FieldSet();
        wanted.forEach(List.of(), (path, set) -> {
            JsonNode present = Values.at(live, type.schema(), path);
            boolean item = !path.get(path.size() - 1).startsWith("f:");
            if (item || present.equals(Values.at(merged, type.schema(), path))) {
                return;
            }
            sets.forEach((other, theirs) -> {
                if (!other.equals(manager) && theirs.contains(path)) {
                    conflicts.add(new ApplyConflict.Field(other.name(), text(path)));
                    taken.insert(path);
                }
            });
        });
        if (!conflicts.isEmpty() && !force) {
            throw new ApplyConflict(conflicts);
        }
        sets.forEach((other, theirs) -> {
            if (!other.equals(manager)) {
                theirs.removeAll(taken);
            }
        });
    }

    private static String text(List<String> path) {
        StringBuilder text = new StringBuilder();
        path.forEach(element ->
                text.append(element.startsWith("f:") ? "." + element.substring(2) : "[" + element.substring(2) + "]"));
        return text.toString();
    }

    /**
     * Notes in a changed resource who changed what.
     *
     * @param live as it was; an empty object if it is new
     * @param changed gets the entries
     */
    public static void update(ResourceType type, ObjectNode live, ObjectNode changed, Writer writer) {
        JsonNode given = changed.at("/metadata/managedFields");
        // Tools that move from one way of applying to another rewrite the entries themselves.
        ManagedFields fields = new ManagedFields(type, given.isArray() ? given : live.at("/metadata/managedFields"));
        boolean status = writer.subresource().equals("status");
        Manager manager = new Manager(writer.name(), UPDATE, writer.subresource());
        FieldSet before = FieldSet.of(live, type.schema(), type.hasStatus(), status);
        FieldSet after = FieldSet.of(changed, type.schema(), type.hasStatus(), status);
        FieldSet gone = before.minus(after);
        FieldSet written = new FieldSet();
        after.forEach(List.of(), (path, set) -> {
            boolean item = !path.get(path.size() - 1).startsWith("f:");
            boolean same = item
                    ? before.contains(path)
                    : Values.at(live, type.schema(), path).equals(Values.at(changed, type.schema(), path));
            if (!same) {
                written.insert(path);
            }
        });
        fields.sets.values().forEach(set -> {
            set.removeAll(gone);
            set.removeAll(written);
        });
        if (!written.isEmpty()) {
            fields.sets.computeIfAbsent(manager, key -> new FieldSet()).addAll(written);
        }
        fields.write(live, changed, List.of(manager), writer.time());
    }

    private void write(ObjectNode live, ObjectNode to, List<Manager> writers, String now) {
        JsonNode before = live.at("/metadata/managedFields");
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        sets.forEach((manager, set) -> {
            if (set.isEmpty()) {
                return;
            }
            ObjectNode entry = entries.addObject();
            entry.put("apiVersion", type.apiVersion())
                    .put("fieldsType", "FieldsV1")
                    .put("manager", manager.name())
                    .put("operation", manager.operation());
            entry.set("fieldsV1", set.json());
            if (!manager.subresource().isEmpty()) {
                entry.put("subresource", manager.subresource());
            }
            String time = times.getOrDefault(manager, now);
            entry.put("time", writers.contains(manager) && !isIn(before, entry) ? now : time);
        });
        to.withObject("/metadata").set("managedFields", entries);
    }

    private static boolean isIn(JsonNode entries, ObjectNode entry) {
        for (JsonNode each : entries) {
            ObjectNode timeless = each.deepCopy();
            timeless.remove("time");
            if (timeless.equals(entry)) {
                return true;
            }
        }
        return false;
    }
}
