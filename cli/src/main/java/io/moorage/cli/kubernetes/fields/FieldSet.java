package io.moorage.cli.kubernetes.fields;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A set of fields as {@code metadata.managedFields[].fieldsV1} has them: f:NAME for a field, k:{KEYS} for an element of a list that
 * is a map, v:VALUE for one of a set. Not thread-safe.
 */
final class FieldSet {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Belongs to nobody. */
    private static final Set<String> IDENTITY = Set.of(
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "managedFields",
            "selfLink",
            "deletionTimestamp",
            "deletionGracePeriodSeconds");

    private final Map<String, FieldSet> children = new TreeMap<>();
    /** Whether the field itself is in the set, not only what is in it. */
    private boolean member;

    static FieldSet parse(JsonNode fieldsV1) {
        FieldSet set = new FieldSet();
        fieldsV1.properties().forEach(field -> {
            if (field.getKey().equals(".")) {
                set.member = true;
            } else {
                set.children.put(field.getKey(), parse(field.getValue()));
            }
        });
        set.member |= set.children.isEmpty();
        return set;
    }

    /** "": a set of nothing. */
    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            json.putObject(".");
        }
        children.forEach((name, child) -> json.set(name, child.json()));
        return json;
    }

    boolean isEmpty() {
        return !member && children.isEmpty();
    }

    /** The fields of a resource. @param status whether of its status only; otherwise of all but the status */
    static FieldSet of(JsonNode resource, Schema schema, boolean hasStatus, boolean status) {
        FieldSet set = new FieldSet();
        for (Map.Entry<String, JsonNode> field : resource.properties()) {
            String name = field.getKey();
            if (name.equals("apiVersion") || name.equals("kind") || hasStatus && name.equals("status") != status) {
                continue;
            }
            JsonNode value = field.getValue();
            if (name.equals("metadata")) {
                ObjectNode ours = value.deepCopy();
                ours.remove(IDENTITY);
                value = ours;
                if (ours.isEmpty()) {
                    continue;
                }
            }
            set.child("f:" + name).collect(value, schema.field(name));
        }
        return set;
    }

    private FieldSet child(String element) {
        return children.computeIfAbsent(element, key -> new FieldSet());
    }

    private void collect(JsonNode value, Schema schema) {
        if (value.isObject() && !value.isEmpty() && !schema.isAtomicMap()) {
            value.properties()
                    .forEach(field ->
                            child("f:" + field.getKey()).collect(field.getValue(), schema.field(field.getKey())));
        } else if (value.isArray() && !value.isEmpty() && (schema.isListMap() || schema.isSet())) {
            for (JsonNode item : value) {
                FieldSet child = child(element(item, schema));
                child.member = true;
                if (schema.isListMap()) {
                    child.collectItem(item, schema.items());
                }
            }
        } else {
            member = true;
        }
    }

    private void collectItem(JsonNode item, Schema schema) {
        item.properties()
                .forEach(field -> child("f:" + field.getKey()).collect(field.getValue(), schema.field(field.getKey())));
    }

    /** How an item of a list is named in a set. */
    static String element(JsonNode item, Schema list) {
        try {
            if (list.isSet()) {
                return "v:" + JSON.writeValueAsString(item);
            }
            Map<String, JsonNode> keys = new TreeMap<>();
            for (String key : list.keys()) {
                JsonNode value = item.has(key) ? item.get(key) : list.items().defaultOf(key);
                if (!value.isMissingNode()) {
                    keys.put(key, value);
                }
            }
            return "k:" + JSON.writeValueAsString(keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, FieldSet> children() {
        return children;
    }

    boolean isMember() {
        return member;
    }

    boolean holdsAnything() {
        return member || children.values().stream().anyMatch(FieldSet::holdsAnything);
    }

    /** The part at a path element; an empty set if there is none. */
    FieldSet at(String element) {
        FieldSet child = children.get(element);
        return child == null ? new FieldSet() : child;
    }

    void addAll(FieldSet other) {
        member |= other.member;
        other.children.forEach((element, child) -> child(element).addAll(child));
    }

    void removeAll(FieldSet other) {
        member &= !other.member;
        other.children.forEach((element, theirs) -> {
            FieldSet ours = children.get(element);
            if (ours != null) {
                ours.removeAll(theirs);
                if (ours.isEmpty()) {
                    children.remove(element);
                }
            }
        });
    }

    FieldSet copy() {
        FieldSet copy = new FieldSet();
        copy.addAll(this);
        return copy;
    }

    FieldSet minus(FieldSet other) {
        FieldSet rest = copy();
        rest.removeAll(other);
        return rest;
    }

    /** Calls for every member with its path. */
    void forEach(List<String> path, BiConsumer<List<String>, FieldSet> consumer) {
        if (member) {
            consumer.accept(path, this);
        }
        children.forEach((element, child) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(element);
            child.forEach(longer, consumer);
        });
    }

    void insert(List<String> path) {
        FieldSet at = this;
        for (String element : path) {
            at = at.child(element);
        }
        at.member = true;
    }

    boolean contains(List<String> path) {
        FieldSet at = this;
        for (String element : path) {
            at = at.children.get(element);
            if (at == null) {
                return false;
            }
        }
        return at.member;
    }
}
