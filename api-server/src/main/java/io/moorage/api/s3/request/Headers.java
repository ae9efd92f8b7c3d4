package io.moorage.api.s3.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Header fields, whatever their case; several of one name are kept in order. Immutable. */
public final class Headers {
    private final Map<String, List<String>> fields;

    private Headers(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** @param fields names in any case */
    public static Headers of(Map<String, ? extends Collection<String>> fields) {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        fields.forEach((name, values) ->
                copy.computeIfAbsent(name, ignored -> new ArrayList<>()).addAll(values));
        return new Headers(copy);
    }

    /** Names and values in turns. */
    public static Headers of(String... namesAndValues) {
        Map<String, List<String>> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            copy.computeIfAbsent(namesAndValues[i], ignored -> new ArrayList<>())
                    .add(namesAndValues[i + 1]);
        }
        return new Headers(copy);
    }

    /** The first value of that name, without white space around it. */
    public Optional<String> first(String name) {
        List<String> values = fields.get(name);
        return values == null || values.isEmpty()
                ? Optional.empty()
                : Optional.of(values.get(0).trim());
    }

    /** All values of that name, as they came. */
    public List<String> all(String name) {
        return fields.getOrDefault(name, List.of());
    }

    /** Whether there is one of that name. */
    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /** In the case they came in. */
    public Set<String> names() {
        return fields.keySet();
    }
}
