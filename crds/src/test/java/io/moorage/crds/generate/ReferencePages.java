package io.moorage.crds.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes the pages of docs/reference from the definitions. */
final class ReferencePages {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String NOTE =
            "<!-- Generated from the types in crds/src/main/java. Do not edit: " + Generated.REFRESH + " -->\n\n";

    private ReferencePages() {}

    /**
     * @param definitions YAML by file name
     * @return Markdown by file name
     */
    static Map<String, String> generate(Map<String, String> definitions) {
        Map<String, String> pages = new TreeMap<>();
        StringBuilder index = new StringBuilder(NOTE)
                .append(
                        "# Custom resources\n\nGroup `moorage.io`, version `v1alpha1`. `kubectl get moorage` lists all of them; `kubectl explain`")
                .append(" says the same as these pages.\n\n| kind | short | |\n|---|---|---|\n");
        for (String yaml : definitions.values()) {
            JsonNode spec = parse(yaml).path("spec");
            String kind = spec.at("/names/kind").asText();
            String file = kind.toLowerCase(Locale.ROOT) + ".md";
            pages.put(file, page(kind, spec));
            index.append(row(
                    "[" + kind + "](" + file + ")",
                    code(spec.at("/names/shortNames/0").asText()),
                    schema(spec).path("description").asText()));
        }
        pages.put("README.md", index.toString());
        return pages;
    }

    private static String page(String kind, JsonNode spec) {
        JsonNode schema = schema(spec);
        StringBuilder page = new StringBuilder(NOTE).append("# ").append(kind).append("\n\n");
        page.append(schema.path("description").asText()).append("\n\n");
        page.append("`kubectl get ")
                .append(spec.at("/names/plural").asText())
                .append("`, or `")
                .append(spec.at("/names/shortNames/0").asText())
                .append("` for short.\n\n");
        List<String> names = new ArrayList<>();
        schema.path("x-kubernetes-validations")
                .forEach(rule -> names.add("- " + rule.path("message").asText() + "\n"));
        names.forEach(page::append);
        page.append(names.isEmpty() ? "" : "\n");
        page.append("## spec\n\n| field | type | default | |\n|---|---|---|---|\n");
        fields(page, "", schema.at("/properties/spec"), true);
        page.append("\n## status\n\n| field | type | |\n|---|---|---|\n");
        fields(page, "", schema.at("/properties/status"), false);
        return page.toString();
    }

    private static void fields(StringBuilder page, String path, JsonNode schema, boolean spec) {
        Set<String> required = new java.util.HashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            JsonNode child = field.getValue();
            if (!child.has("description")) {
                // Types of Kubernetes itself: their documentation is there.
                return;
            }
            String name = path + field.getKey();
            String text = child.path("description").asText() + limits(child, schema, field.getKey());
            if (spec) {
                String value = required.contains(field.getKey())
                        ? "required"
                        : child.has("default") && child.path("default").isValueNode()
                                ? code(child.path("default").asText())
                                : "";
                page.append(row(code(name), type(child), value, text));
            } else {
                page.append(row(code(name), type(child), text));
            }
            fields(page, name + ".", child, spec);
            fields(page, name + "[].", child.path("items"), spec);
        });
    }

    private static String type(JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return "quantity";
        }
        if (schema.has("items")) {
            return "list of " + type(schema.path("items"));
        }
        if (schema.has("additionalProperties")) {
            return "map of " + type(schema.path("additionalProperties"));
        }
        return schema.path("format").asText().equals("date-time")
                ? "time"
                : schema.path("type").asText();
    }

    private static String limits(JsonNode schema, JsonNode parent, String name) {
        List<String> limits = new ArrayList<>();
        if (schema.has("enum")) {
            List<String> values = new ArrayList<>();
            schema.path("enum").forEach(value -> values.add(code(value.asText())));
            limits.add("One of " + String.join(", ", values) + ".");
        }
        if (schema.has("minimum") && schema.has("maximum")) {
            limits.add("From " + schema.path("minimum").asText() + " to "
                    + schema.path("maximum").asText() + ".");
        } else if (schema.has("minimum")) {
            limits.add("At least " + schema.path("minimum").asText() + ".");
        }
        if (schema.has("maxItems")) {
            limits.add("At most " + schema.path("maxItems").asText() + ".");
        }
        if (schema.has("pattern") && !schema.path("x-kubernetes-int-or-string").asBoolean()) {
            limits.add("Matches " + code(schema.path("pattern").asText()) + ".");
        }
        schema.path("x-kubernetes-validations").forEach(rule -> {
            if (!rule.has("fieldPath")) {
                limits.add(sentence(rule.path("message").asText()));
            }
        });
        parent.path("x-kubernetes-validations").forEach(rule -> {
            if (rule.path("fieldPath").asText().equals("." + name)) {
                limits.add(sentence(rule.path("message").asText()));
            }
        });
        return limits.isEmpty() ? "" : " " + String.join(" ", limits);
    }

    private static String sentence(String message) {
        return Character.toUpperCase(message.charAt(0)) + message.substring(1) + ".";
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String row(String... cells) {
        List<String> escaped = new ArrayList<>();
        for (String cell : cells) {
            escaped.add(cell.replace("|", "\\|"));
        }
        return "| " + String.join(" | ", escaped) + " |\n";
    }

    private static JsonNode schema(JsonNode spec) {
        return spec.at("/versions/0/schema/openAPIV3Schema");
    }

    private static JsonNode parse(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
