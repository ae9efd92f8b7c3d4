package io.moorage.cli.kubernetes.server;

import io.moorage.cli.kubernetes.schema.Catalog;
import io.moorage.cli.kubernetes.schema.ResourceType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a path is about.
 *
 * @param namespace "" = all, or the type has none
 * @param name "" = the collection
 * @param subresource "" = the resource
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

    /** Empty: the path is not about resources that are served. */
    static Optional<Target> of(Catalog catalog, String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty()) {
                parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
            }
        }
        int group = parts.isEmpty()
                ? 0
                : parts.get(0).equals("api") ? 1 : parts.get(0).equals("apis") ? 2 : 0;
        if (group == 0 || parts.size() < group + 2) {
            return Optional.empty();
        }
        String groupName = group == 1 ? "" : parts.get(1);
        String version = parts.get(group);
        List<String> rest = parts.subList(group + 1, parts.size());
        String namespace = "";
        if (rest.get(0).equals("namespaces") && rest.size() > 2 && !rest.get(2).equals("status")) {
            namespace = rest.get(1);
            rest = rest.subList(2, rest.size());
        }
        if (rest.size() > 3) {
            return Optional.empty();
        }
        String name = rest.size() > 1 ? rest.get(1) : "";
        String subresource = rest.size() > 2 ? rest.get(2) : "";
        String within = namespace;
        return catalog.find(groupName, version, rest.get(0))
                .filter(type -> type.namespaced() || within.isEmpty())
                .filter(type -> name.isEmpty() || !type.namespaced() || !within.isEmpty())
                .map(type -> new Target(type, within, name, subresource));
    }
}
