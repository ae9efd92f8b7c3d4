package io.moorage.cli.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A type of resources that is served.
 *
 * @param group "" for the core group
 * @param scale null: there is no scale subresource
 * @param columns printer columns as a CustomResourceDefinition has them; for built-in types an empty array
 * @param definition what the type is in an OpenAPI document
 */
public record ResourceType(
        String group,
        String version,
        String kind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean hasStatus,
        Scale scale,
        Schema schema,
        JsonNode columns,
        boolean custom,
        String definition) {

    /** Paths of the scale subresource, such as ".spec.replicas". */
    public record Scale(String specReplicas, String statusReplicas, String selector) {}

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As kubectl names it: "volumes.moorage.io". */
    public String resource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    @Override
    public String toString() {
        return resource();
    }
}
