package io.moorage.cli.kubernetes.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Merge patches: of RFC 7386, and the strategic ones of Kubernetes, which merge lists by keys of their elements. */
public final class StrategicMerge {
    private static final String DIRECTIVE = "$patch";
    private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";
    private static final String ORDER = "$setElementOrder/";
    private static final String RETAIN = "$retainKeys";

    private StrategicMerge() {}

    /** RFC 7386. */
    public static JsonNode plain(JsonNode target, JsonNode patch) {
        return merge(target, patch, Schema.ANY);
    }

    /** @param schema says which lists are merged, and by what */
    public static JsonNode merge(JsonNode target, JsonNode patch, Schema schema) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch.deepCopy();
        }
        if (changes.path(DIRECTIVE).asText().equals("replace")) {
            ObjectNode replaced = changes.deepCopy();
            replaced.remove(DIRECTIVE);
            return replaced;
        }
        ObjectNode result = target instanceof ObjectNode ? target.deepCopy() : changes.objectNode();
        if (changes.has(RETAIN)) {
            List<String> retained = new ArrayList<>();
            changes.get(RETAIN).forEach(name -> retained.add(name.asText()));
            result.retain(retained);
        }
        for (Map.Entry<String, JsonNode> change : changes.properties()) {
            String name = change.getKey();
            if (name.startsWith(DELETE_VALUES)) {
                removeValues(result.path(name.substring(DELETE_VALUES.length())), change.getValue());
            } else if (name.startsWith(ORDER) || name.equals(RETAIN) || name.equals(DIRECTIVE)) {
                continue;
            } else if (change.getValue().isNull()) {
                result.remove(name);
            } else {
                result.set(name, field(result.path(name), change.getValue(), schema.field(name)));
            }
        }
        return result;
    }

    private static JsonNode field(JsonNode present, JsonNode change, Schema schema) {
        if (!(change instanceof ArrayNode list)) {
            return merge(present, change, schema);
        }
        if (!schema.patchStrategy().contains("merge")) {
            return list.deepCopy();
        }
        ArrayNode result = present instanceof ArrayNode array ? array.deepCopy() : list.arrayNode();
        String key = schema.patchMergeKey();
        for (JsonNode item : list) {
            if (item.path(DIRECTIVE).asText().equals("replace") && item.size() == 1) {
                result.removeAll();
                continue;
            }
            int index = index(result, item, key);
            if (item.path(DIRECTIVE).asText().equals("delete")) {
                if (index >= 0) {
                    result.remove(index);
                }
            } else if (index < 0) {
                result.add(item.isObject() ? merge(result.objectNode(), item, schema.items()) : item);
            } else if (item.isObject()) {
                result.set(index, merge(result.get(index), item, schema.items()));
            }
        }
        return result;
    }

    private static int index(ArrayNode list, JsonNode item, String key) {
        for (int i = 0; i < list.size(); i++) {
            boolean same = key.isEmpty() || !item.isObject()
                    ? list.get(i).equals(item)
                    : list.get(i).path(key).equals(item.path(key));
            if (same) {
                return i;
            }
        }
        return -1;
    }

    private static void removeValues(JsonNode list, JsonNode values) {
        if (list instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                for (JsonNode value : values) {
                    if (array.get(i).equals(value)) {
                        array.remove(i);
                        break;
                    }
                }
            }
        }
    }
}
