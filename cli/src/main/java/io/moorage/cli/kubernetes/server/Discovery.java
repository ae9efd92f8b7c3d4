package io.moorage.cli.kubernetes.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What there is: /version, /api, /apis. */
final class Discovery {
    private static final List<String> VERBS = List.of("create", "delete", "get", "list", "patch", "update", "watch");
    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    private final Catalog catalog;

    Discovery(Catalog catalog) {
        this.catalog = catalog;
    }

    private static ObjectNode document(String kind, String apiVersion) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", apiVersion);
    }

    static ObjectNode version() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "35")
                .put("gitVersion", "v1.35.0+moorage")
                .put("gitCommit", "")
                .put("gitTreeState", "")
                .put("buildDate", "1970-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "")
                .put("platform", "java/any");
    }

    static ObjectNode coreVersions() {
        ObjectNode versions = document("APIVersions", "v1");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    /** Types of a group, by version. */
    private Map<String, List<ResourceType>> versions(String group) {
        Map<String, List<ResourceType>> versions = new LinkedHashMap<>();
        catalog.types().stream()
                .filter(type -> type.group().equals(group))
                .forEach(type -> versions.computeIfAbsent(type.version(), key -> new ArrayList<>())
                        .add(type));
        return versions;
    }

    private List<String> groups() {
        return catalog.types().stream()
                .map(ResourceType::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .toList();
    }

    ObjectNode groupList() {
        ObjectNode list = document("APIGroupList", "v1");
        ArrayNode array = list.putArray("groups");
        groups().forEach(group -> array.add(group(group).orElseThrow()));
        return list;
    }

    Optional<ObjectNode> group(String name) {
        Map<String, List<ResourceType>> versions = versions(name);
        if (versions.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode group = document("APIGroup", "v1").put("name", name);
        ArrayNode array = group.putArray("versions");
        versions.keySet()
                .forEach(version -> array.addObject()
                        .put("groupVersion", name + "/" + version)
                        .put("version", version));
        group.set("preferredVersion", array.get(0));
        return Optional.of(group);
    }

    Optional<ObjectNode> resources(String group, String version) {
        List<ResourceType> types = versions(group).get(version);
        if (types == null) {
            return Optional.empty();
        }
        ObjectNode list = document("APIResourceList", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode array = list.putArray("resources");
        for (ResourceType type : types) {
            ObjectNode resource = array.addObject()
                    .put("name", type.plural())
                    .put("singularName", type.singular())
                    .put("namespaced", type.namespaced())
                    .put("kind", type.kind());
            texts(resource, "verbs", VERBS);
            texts(resource, "shortNames", type.shortNames());
            texts(resource, "categories", type.categories());
            if (type.hasStatus()) {
                subresource(array, type, "status", type.kind());
            }
            if (type.scale() != null) {
                subresource(array, type, "scale", "Scale")
                        .put("group", "autoscaling")
                        .put("version", "v1");
            }
        }
        return Optional.of(list);
    }

    private static ObjectNode subresource(ArrayNode array, ResourceType type, String name, String kind) {
        ObjectNode resource = array.addObject()
                .put("name", type.plural() + "/" + name)
                .put("singularName", "")
                .put("namespaced", type.namespaced())
                .put("kind", kind);
        texts(resource, "verbs", SUBRESOURCE_VERBS);
        return resource;
    }

    private static void texts(ObjectNode object, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = object.putArray(field);
            values.forEach(array::add);
        }
    }
}
