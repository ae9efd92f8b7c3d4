package io.moorage.api.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads the configuration from one YAML file and the environment, which wins: MOORAGE_SERVER_PORT is server.port, and
 * MOORAGE_S3_DOMAINS and MOORAGE_WEBHOOKS_ALLOW are lists with commas. Unknown keys of the file are refused.
 */
public final class ApiConfigLoader {

    /** The configuration cannot be used; the message says why. */
    public static final class ConfigException extends Exception {
        private static final long serialVersionUID = 1L;

        public ConfigException(String message) {
            super(message);
        }
    }

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .build();

    private static final List<String> VARIABLES = List.of(
            "server.host",
            "server.port",
            "server.shutdown-seconds",
            "metrics.host",
            "metrics.port",
            "kubernetes.cluster",
            "kubernetes.namespace",
            "kubernetes.server",
            "limits.concurrent-requests",
            "limits.concurrent-uploads",
            "limits.min-bytes-per-second",
            "limits.idle-seconds",
            "log.level",
            "log.access",
            "s3.host",
            "s3.port",
            "s3.region",
            "s3.default-volume",
            "s3.day-seconds");

    private static final String DNS_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    private ApiConfigLoader() {}

    /** @param file null: only the environment */
    public static ApiConfig load(Path file, Map<String, String> environment) throws ConfigException {
        try {
            JsonNode read = file == null ? null : YAML.readTree(Files.newInputStream(file));
            if (read != null && !read.isObject() && !read.isMissingNode() && !read.isNull()) {
                throw new ConfigException("configuration file " + file + " must hold a mapping");
            }
            ObjectNode root = read instanceof ObjectNode object ? object : YAML.createObjectNode();
            applyEnvironment(root, environment);
            ApiConfig config = YAML.treeToValue(root, ApiConfig.class);
            check(config);
            return config;
        } catch (UnrecognizedPropertyException e) {
            throw new ConfigException("key '" + path(e) + "' is not known; known here are " + e.getKnownPropertyIds());
        } catch (JsonMappingException e) {
            throw new ConfigException("key '" + path(e) + "': " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new ConfigException("configuration file " + file + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException("configuration file " + file + " cannot be read: " + e.getMessage());
        }
    }

    private static void applyEnvironment(ObjectNode root, Map<String, String> environment) {
        for (String key : VARIABLES) {
            String value = environment.get("MOORAGE_"
                    + key.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_'));
            if (value != null) {
                int dot = key.indexOf('.');
                root.withObject("/" + key.substring(0, dot)).put(key.substring(dot + 1), value);
            }
        }
        list(root, environment, "MOORAGE_S3_DOMAINS", "/s3", "domains");
        list(root, environment, "MOORAGE_WEBHOOKS_ALLOW", "/webhooks", "allow");
    }

    private static void list(
            ObjectNode root, Map<String, String> environment, String variable, String section, String key) {
        String value = environment.get(variable);
        if (value != null) {
            root.withObject(section).set(key, YAML.valueToTree(List.of(value.split("\\s*,\\s*"))));
        }
    }

    private static void check(ApiConfig config) throws ConfigException {
        List<String> problems = new ArrayList<>();
        kubernetes(problems, config.kubernetes());
        range(problems, "server.port", config.server().port(), 1, 65535);
        range(problems, "metrics.port", config.metrics().port(), -1, 65535);
        range(problems, "limits.concurrent-requests", config.limits().concurrentRequests(), 1, 100_000);
        range(problems, "limits.concurrent-uploads", config.limits().concurrentUploads(), 1, 10_000);
        if (!List.of("ERROR", "WARN", "INFO", "DEBUG").contains(config.log().level())) {
            problems.add("log.level '" + config.log().level() + "' must be ERROR, WARN, INFO or DEBUG");
        }
        s3(problems, config.s3());
        for (String network : config.webhooks().allow()) {
            if (Network.parse(network).isEmpty()) {
                problems.add("webhooks.allow: '" + network
                        + "' must be an address or a network, such as 10.1.2.3, 10.0.0.0/8 or fd00::/8");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(String.join("\n", problems));
        }
    }

    private static void kubernetes(List<String> problems, ApiConfig.Kubernetes kubernetes) {
        if (kubernetes.cluster() == null || !kubernetes.cluster().matches(DNS_LABEL)) {
            problems.add(
                    "kubernetes.cluster " + quoted(kubernetes.cluster()) + " must be the name of a StorageCluster");
        }
        if (kubernetes.namespace() != null && !kubernetes.namespace().matches(DNS_LABEL)) {
            problems.add("kubernetes.namespace " + quoted(kubernetes.namespace()) + " must be the name of a namespace");
        }
        if (kubernetes.server() != null && !kubernetes.server().matches("https?://[^\\s/]+/?")) {
            problems.add("kubernetes.server " + quoted(kubernetes.server())
                    + " must be a URL such as http://127.0.0.1:6443");
        }
    }

    private static void s3(List<String> problems, ApiConfig.S3 s3) {
        range(problems, "s3.port", s3.port(), -1, 65535);
        range(problems, "s3.day-seconds", s3.daySeconds(), 1, 86_400);
        if (!s3.defaultVolume().matches(DNS_LABEL) || s3.defaultVolume().equals("system")) {
            problems.add(
                    "s3.default-volume '" + s3.defaultVolume() + "' must be the name of a volume, and not 'system'");
        }
        if (!s3.region().matches("[a-z0-9-]{1,63}")) {
            problems.add("s3.region '" + s3.region() + "' must be letters, digits and dashes, such as us-east-1");
        }
        for (String domain : s3.domains()) {
            if (!domain.matches(DNS_LABEL + "([.]" + DNS_LABEL + ")*")) {
                problems.add("s3.domains: '" + domain + "' is not the name of a host, such as s3.example.org");
            }
        }
    }

    private static String quoted(String value) {
        return value == null ? "is missing: it" : "'" + value + "'";
    }

    private static void range(List<String> problems, String key, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add(key + " is " + value + "; it must be " + min + " to " + max);
        }
    }

    private static String path(JsonMappingException e) {
        return e.getPath().stream()
                .map(reference -> String.valueOf(reference.getFieldName()))
                .collect(Collectors.joining("."));
    }
}
