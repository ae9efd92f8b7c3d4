package io.moorage.cli.kubernetes.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Schema;
import java.util.List;
import java.util.Map;

/** Trees by paths of {@link FieldSet}: looked up, merged, cut. */
final class Values {
    private Values() {}

    static JsonNode at(JsonNode root, Schema schema, List<String> path) {
        JsonNode value = root;
        Schema at = schema;
        for (String element : path) {
            if (element.startsWith("f:")) {
                value = value.path(element.substring(2));
                at = at.field(element.substring(2));
            } else {
                int index = index(value, at, element);
                value = index < 0 ? MissingNode.getInstance() : value.get(index);
                at = at.items();
            }
        }
        return value;
    }

    private static int index(JsonNode list, Schema schema, String element) {
        for (int i = 0; list.isArray() && i < list.size(); i++) {
            if (FieldSet.element(list.get(i), schema).equals(element)) {
                return i;
            }
        }
        return -1;
    }

    /** What is applied, over what is there. */
    static JsonNode merge(JsonNode live, JsonNode applied, Schema schema) {
        if (applied instanceof ObjectNode object && live instanceof ObjectNode && !schema.isAtomicMap()) {
            ObjectNode merged = live.deepCopy();
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                if (!field.getValue().isNull()) {
                    String name = field.getKey();
                    merged.set(name, merge(merged.path(name), field.getValue(), schema.field(name)));
                }
            }
            return merged;
        }
        if (applied instanceof ArrayNode array
                && live instanceof ArrayNode present
                && (schema.isListMap() || schema.isSet())) {
            ArrayNode merged = present.deepCopy();
            for (JsonNode item : array) {
                int index = index(merged, schema, FieldSet.element(item, schema));
                if (index < 0) {
                    merged.add(item.deepCopy());
                } else if (schema.isListMap()) {
                    merged.set(index, merge(merged.get(index), item, schema.items()));
                }
            }
            return merged;
        }
        return applied.deepCopy();
    }

    /** Cuts what a manager does not apply any more, unless somebody else wants it. */
    static void cut(JsonNode value, Schema schema, FieldSet dropped, FieldSet wanted) {
        for (Map.Entry<String, FieldSet> child : dropped.children().entrySet()) {
            String element = child.getKey();
            FieldSet others = wanted.at(element);
            boolean whole = child.getValue().isMember() && !others.holdsAnything();
            if (element.startsWith("f:") && value instanceof ObjectNode object) {
                String name = element.substring(2);
                if (whole) {
                    object.remove(name);
                } else if (object.has(name)) {
                    cut(object.get(name), schema.field(name), child.getValue(), others);
                }
            } else if (value instanceof ArrayNode array) {
                int index = index(array, schema, element);
                if (index >= 0 && whole) {
                    array.remove(index);
                } else if (index >= 0) {
                    cut(array.get(index), schema.items(), child.getValue(), others);
                }
            }
        }
    }
}
