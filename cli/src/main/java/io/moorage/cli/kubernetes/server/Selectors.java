package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors of lists and watches. */
final class Selectors {
    private static final Pattern SET = Pattern.compile("\\s*([^\\s!=,()]+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*");
    private static final Pattern EQUALITY = Pattern.compile("\\s*([^\\s!=,()]+)\\s*(==|!=|=)\\s*([^\\s,()]*)\\s*");
    private static final Pattern PRESENCE = Pattern.compile("\\s*(!?)\\s*([^\\s!=,()]+)\\s*");

    private Selectors() {}

    /** @throws StatusException if it cannot be understood */
    static Predicate<JsonNode> labels(String selector) {
        Predicate<JsonNode> all = resource -> true;
        for (String part : split(selector)) {
            all = all.and(label(part));
        }
        return all;
    }

    private static Predicate<JsonNode> label(String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            Set<String> values = Set.copyOf(List.of(set.group(3).trim().split("\\s*,\\s*")));
            boolean in = set.group(2).equals("in");
            return resource -> {
                JsonNode value = resource.at("/metadata/labels").path(set.group(1));
                return in == (value.isTextual() && values.contains(value.asText()));
            };
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            boolean equal = !equality.group(2).equals("!=");
            return resource -> {
                JsonNode value = resource.at("/metadata/labels").path(equality.group(1));
                return equal == (value.isTextual() && value.asText().equals(equality.group(3)));
            };
        }
        Matcher presence = PRESENCE.matcher(part);
        if (presence.matches()) {
            boolean there = presence.group(1).isEmpty();
            return resource -> there == resource.at("/metadata/labels").has(presence.group(2));
        }
        throw StatusException.badRequest("unable to parse requirement: labelSelector '" + part + "'");
    }

    /** At commas outside of parentheses. */
    private static List<String> split(String selector) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= selector.length(); i++) {
            char c = i == selector.length() ? ',' : selector.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && (depth == 0 || i == selector.length())) {
                if (!selector.substring(start, i).isBlank()) {
                    parts.add(selector.substring(start, i));
                }
                start = i + 1;
            }
        }
        return parts;
    }

    /** Of fields by their paths, such as {@code metadata.name=photos,status.phase!=Running}. */
    static Predicate<JsonNode> fields(String selector) {
        Predicate<JsonNode> all = resource -> true;
        for (String part : selector.split(",")) {
            if (part.isBlank()) {
                continue;
            }
            Matcher matcher = EQUALITY.matcher(part);
            if (!matcher.matches()) {
                throw StatusException.badRequest("unable to parse requirement: fieldSelector '" + part + "'");
            }
            String pointer = "/" + matcher.group(1).replace('.', '/');
            boolean equal = !matcher.group(2).equals("!=");
            all = all.and(resource -> equal == resource.at(pointer).asText("").equals(matcher.group(3)));
        }
        return all;
    }
}
