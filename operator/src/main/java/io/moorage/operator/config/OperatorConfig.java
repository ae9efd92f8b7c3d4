package io.moorage.operator.config;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How the operator runs, from its environment.
 *
 * @param watchNamespaces WATCH_NAMESPACES, comma separated; empty = all
 * @param namespace POD_NAMESPACE: where it runs itself; empty = outside of Kubernetes
 * @param leaseName LEASE_NAME: whoever holds it acts; empty = there is only one operator
 * @param image MOORAGE_IMAGE: of clusters that name none
 * @param jsonLog LOG_FORMAT=json
 * @param healthPort HEALTH_PORT, default 8081
 * @param metricsPort METRICS_PORT, default 9091
 */
public record OperatorConfig(
        Set<String> watchNamespaces,
        Optional<String> namespace,
        Optional<String> leaseName,
        String image,
        boolean jsonLog,
        int healthPort,
        int metricsPort) {

    /** @throws IllegalArgumentException names the variable, its value and what it must be */
    public static OperatorConfig of(Map<String, String> environment) {
        String format = environment.getOrDefault("LOG_FORMAT", "text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new IllegalArgumentException("LOG_FORMAT is '" + format + "': it must be text or json");
        }
        Set<String> namespaces = new TreeSet<>();
        Arrays.stream(environment.getOrDefault("WATCH_NAMESPACES", "").split(","))
                .map(String::trim)
                .filter(name -> !name.isEmpty())
                .forEach(namespaces::add);
        return new OperatorConfig(
                namespaces,
                text(environment, "POD_NAMESPACE"),
                text(environment, "LEASE_NAME"),
                text(environment, "MOORAGE_IMAGE")
                        .orElseThrow(() -> new IllegalArgumentException(
                                "MOORAGE_IMAGE is not set: name the image of storage nodes and API servers")),
                format.equals("json"),
                port(environment, "HEALTH_PORT", 8081),
                port(environment, "METRICS_PORT", 9091));
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static int port(Map<String, String> environment, String name, int otherwise) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        if (value.matches("\\d{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 65_535) {
            return Integer.parseInt(value);
        }
        throw new IllegalArgumentException(name + " is '" + value + "': it must be a port from 1 to 65535");
    }
}
