package io.moorage.cli.kubernetes.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All types that are served: the built-in ones, and those of Moorage. Immutable. */
public final class Catalog {
    private static final String HERE = "/io/moorage/cli/kubernetes/";
    private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final ObjectNode components;
    private final Map<String, ResourceType> types = new LinkedHashMap<>();
    private final List<ObjectNode> definitions = new ArrayList<>();

    private Catalog(ObjectNode components) {
        this.components = components;
    }

    public static Catalog load() {
        Catalog catalog = new Catalog((ObjectNode) read(HERE + "kubernetes-schemas.json", new ObjectMapper()));
        YAMLMapper yaml = new YAMLMapper();
        read(HERE + "kinds.yaml", yaml).forEach(catalog::addBuiltIn);
        Moorage.resources()
                .forEach(type -> catalog.addCustom((ObjectNode)
                        read(Moorage.DEFINITIONS + HasMetadata.getFullResourceName(type) + ".yaml", yaml)));
        return catalog;
    }

    private static JsonNode read(String name, ObjectMapper mapper) {
        try (InputStream in = Catalog.class.getResourceAsStream(name)) {
            return mapper.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void addBuiltIn(JsonNode kind) {
        String group = kind.path("group").asText();
        String version = kind.path("version").asText();
        String name = kind.path("kind").asText();
        String definition = definition(group, version, name);
        JsonNode scale = kind.path("scale");
        add(new ResourceType(
                group,
                version,
                name,
                kind.path("plural").asText(),
                name.toLowerCase(Locale.ROOT),
                kind.has("short") ? List.of(kind.path("short").asText()) : List.of(),
                kind.path("all").asBoolean() ? List.of("all") : List.of(),
                kind.path("namespaced").asBoolean(true),
                kind.path("status").asBoolean(),
                scale.asBoolean()
                        ? new ResourceType.Scale(".spec.replicas", ".status.replicas", ".spec.selector")
                        : null,
                Schema.of(components.path(definition), components),
                components.arrayNode(),
                false,
                definition));
    }

    private String definition(String group, String version, String kind) {
        for (Map.Entry<String, JsonNode> schema : components.properties()) {
            for (JsonNode gvk : schema.getValue().path("x-kubernetes-group-version-kind")) {
                if (gvk.path("group").asText().equals(group)
                        && gvk.path("version").asText().equals(version)
                        && gvk.path("kind").asText().equals(kind)) {
                    return schema.getKey();
                }
            }
        }
        throw new IllegalStateException("no schema of " + kind);
    }

    private void addCustom(ObjectNode crd) {
        definitions.add(crd);
        JsonNode spec = crd.path("spec");
        JsonNode names = spec.path("names");
        JsonNode version = spec.path("versions").path(0);
        JsonNode scale = version.path("subresources").path("scale");
        ObjectNode schema = version.path("schema").path("openAPIV3Schema").deepCopy();
        String definition = "io.moorage." + version.path("name").asText() + "."
                + names.path("kind").asText();
        ResourceType type = new ResourceType(
                spec.path("group").asText(),
                version.path("name").asText(),
                names.path("kind").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(),
                texts(names.path("shortNames")),
                texts(names.path("categories")),
                spec.path("scope").asText().equals("Namespaced"),
                version.path("subresources").has("status"),
                scale.isMissingNode()
                        ? null
                        : new ResourceType.Scale(
                                scale.path("specReplicasPath").asText(),
                                scale.path("statusReplicasPath").asText(),
                                scale.path("labelSelectorPath").asText()),
                Schema.of(schema, components).withMetadata(Schema.of(components.path(OBJECT_META), components)),
                version.path("additionalPrinterColumns"),
                true,
                definition);
        components.set(definition, published(schema, type));
        add(type);
    }

    /** As OpenAPI documents show it: with the fields that every resource has. */
    private ObjectNode published(ObjectNode schema, ResourceType type) {
        ObjectNode published = schema.deepCopy();
        ObjectNode properties = published.withObject("/properties");
        JsonNode example = components.path(definition("", "v1", "Pod")).path("properties");
        for (String field : List.of("apiVersion", "kind", "metadata")) {
            properties.set(field, example.path(field));
        }
        published
                .putArray("x-kubernetes-group-version-kind")
                .addObject()
                .put("group", type.group())
                .put("kind", type.kind())
                .put("version", type.version());
        return published;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private void add(ResourceType type) {
        types.put(type.group() + "/" + type.version() + "/" + type.plural(), type);
    }

    public List<ResourceType> types() {
        return List.copyOf(types.values());
    }

    public Optional<ResourceType> find(String group, String version, String plural) {
        return Optional.ofNullable(types.get(group + "/" + version + "/" + plural));
    }

    /** Of the core group or another one, by plural. @throws IllegalArgumentException if there is none */
    public ResourceType of(String plural) {
        return types.values().stream()
                .filter(type -> type.plural().equals(plural))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no resource type " + plural));
    }

    public Optional<ResourceType> ofKind(String apiVersion, String kind) {
        return types.values().stream()
                .filter(type ->
                        type.apiVersion().equals(apiVersion) && type.kind().equals(kind))
                .findFirst();
    }

    /** By resource(), such as "volumes.moorage.io". */
    public Optional<ResourceType> ofResource(String resource) {
        return types.values().stream()
                .filter(type -> type.resource().equals(resource))
                .findFirst();
    }

    /** Schemas of an OpenAPI document, by name. */
    public ObjectNode components() {
        return components;
    }

    /** The definitions of Moorage's resources. */
    public List<ObjectNode> definitions() {
        return definitions;
    }
}
