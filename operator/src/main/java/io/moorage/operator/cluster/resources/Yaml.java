package io.moorage.operator.cluster.resources;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.TreeMap;

/** Configuration files of our programs, from flat keys. */
final class Yaml {
    private Yaml() {}

    /**
     * @param keys as in "raft.election-timeout", with their values
     * @param field of the spec that the keys are from, for the message
     * @return a nested document, the same for the same keys
     * @throws RefusedException a key is both a value and the beginning of another key
     */
    static String of(Map<String, String> keys, String field) {
        Map<String, Object> root = new TreeMap<>();
        keys.forEach((key, value) -> put(root, key, value, field));
        return Serialization.asYaml(root).replaceFirst("^---\\R", "");
    }

    private static void put(Map<String, Object> root, String key, String value, String field) {
        Map<String, Object> section = root;
        String[] steps = key.split("\\.", -1);
        for (int step = 0; step < steps.length - 1; step++) {
            Object next = section.computeIfAbsent(steps[step], name -> new TreeMap<String, Object>());
            if (!(next instanceof Map<?, ?>)) {
                throw clash(key, field);
            }
            @SuppressWarnings("unchecked")
            Map<String, Object> inner = (Map<String, Object>) next;
            section = inner;
        }
        if (section.put(steps[steps.length - 1], value) != null) {
            throw clash(key, field);
        }
    }

    private static RefusedException clash(String key, String field) {
        return new RefusedException(
                "InvalidConfig",
                field + ": key '" + key + "' is a section and a value at once; remove it or the longer or shorter key");
    }
}
