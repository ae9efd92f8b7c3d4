package io.moorage.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a node's configuration from one YAML file and the environment (which wins), refuses unknown keys, checks ranges, and
 * reports all problems at once.
 */
public final class NodeConfigLoader {
    private static final String PREFIX = "MOORAGE_";
    /** Names that users of such systems know. */
    private static final Map<String, String> ALIASES =
            Map.of("STORAGE_ROOT", "storage.directory", "NODE_ID", "node.name");

    private final Map<String, String> values = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    private NodeConfigLoader() {}

    /**
     * @param file null: only the environment
     * @throws ConfigException with every problem found
     */
    public static NodeConfig load(Path file, Map<String, String> environment) throws ConfigException {
        NodeConfigLoader loader = new NodeConfigLoader();
        if (file != null) {
            loader.readFile(file);
        }
        loader.readEnvironment(environment);
        NodeConfig config = new ConfigFields(loader.values, loader.problems).build();
        if (!loader.problems.isEmpty()) {
            throw new ConfigException(loader.problems);
        }
        return config;
    }

    private void readFile(Path file) throws ConfigException {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.newInputStream(file));
            if (root != null && !root.isMissingNode() && !root.isNull()) {
                flatten("", root);
            }
        } catch (IOException e) {
            throw new ConfigException(List.of("configuration file " + file + " cannot be read: " + e.getMessage()));
        }
    }

    private void flatten(String path, JsonNode node) {
        if (!node.isObject()) {
            if (path.isEmpty()) {
                problems.add("the configuration file must hold a mapping, not " + node.getNodeType());
            } else {
                put(path, node.asText(), "configuration file");
            }
            return;
        }
        for (Iterator<Map.Entry<String, JsonNode>> it = node.fields(); it.hasNext(); ) {
            Map.Entry<String, JsonNode> field = it.next();
            flatten(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue());
        }
    }

    private void readEnvironment(Map<String, String> environment) {
        ALIASES.forEach((variable, key) -> {
            if (environment.containsKey(variable)) {
                values.put(key, environment.get(variable));
            }
        });
        Map<String, String> keys = ConfigFields.keysByVariable(PREFIX);
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (isOurs(variable)) {
                String key = keys.get(variable);
                if (key == null) {
                    problems.add(
                            "environment variable " + variable + " is not known; the known ones are " + keys.keySet());
                } else {
                    values.put(key, value);
                }
            }
        });
    }

    /** One of a section of ours. Others of that prefix are for other programs. */
    private static boolean isOurs(String variable) {
        return ConfigFields.KEYS.stream()
                .map(key -> PREFIX + key.substring(0, key.indexOf('.')).toUpperCase(java.util.Locale.ROOT) + "_")
                .anyMatch(variable::startsWith);
    }

    private void put(String key, String value, String source) {
        if (!ConfigFields.KEYS.contains(key)) {
            problems.add(
                    "key '" + key + "' in the " + source + " is not known; the known ones are " + ConfigFields.KEYS);
        } else {
            values.put(key, value);
        }
    }
}
