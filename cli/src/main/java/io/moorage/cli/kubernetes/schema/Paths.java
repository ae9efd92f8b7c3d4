package io.moorage.cli.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of JSONPath that printer columns and the scale subresource use: fields, indexes, and filters on equality. */
public final class Paths {
    private static final Pattern STEP = Pattern.compile(
            "\\.([A-Za-z0-9_-]+)|\\[(\\d+)]|\\[\\*]|\\[\\?\\(@\\.([A-Za-z0-9_.]+)==[\"']([^\"']*)[\"']\\)]|\\['([^']+)']");

    private Paths() {}

    /** The first value at a path such as {@code .status.conditions[?(@.type=="Ready")].status}; missing if there is none. */
    public static JsonNode first(JsonNode root, String path) {
        List<JsonNode> at = List.of(root);
        Matcher matcher = STEP.matcher(path);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            List<JsonNode> next = new ArrayList<>();
            for (JsonNode node : at) {
                step(node, matcher, next);
            }
            at = next;
        }
        return at.isEmpty() || end != path.length() ? MissingNode.getInstance() : at.get(0);
    }

    private static void step(JsonNode node, Matcher matcher, List<JsonNode> next) {
        String name = matcher.group(1) != null ? matcher.group(1) : matcher.group(5);
        if (name != null) {
            add(node.path(name), next);
        } else if (matcher.group(2) != null) {
            add(node.path(Integer.parseInt(matcher.group(2))), next);
        } else if (matcher.group(3) != null) {
            for (JsonNode item : node) {
                JsonNode value = item;
                for (String part : matcher.group(3).split("\\.")) {
                    value = value.path(part);
                }
                if (value.asText().equals(matcher.group(4))) {
                    next.add(item);
                }
            }
        } else {
            node.forEach(next::add);
        }
    }

    private static void add(JsonNode node, List<JsonNode> to) {
        if (!node.isMissingNode() && !node.isNull()) {
            to.add(node);
        }
    }

    /** Sets a number at a path of plain fields, such as {@code .spec.nodes}. */
    public static void set(ObjectNode root, String path, int value) {
        int dot = path.lastIndexOf('.');
        root.withObject(path.substring(0, dot).replace('.', '/')).put(path.substring(dot + 1), value);
    }
}
