package io.moorage.crds.generate;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.moorage.crds.v1alpha1.Moorage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds to the definitions what annotations of the generator cannot say. */
final class SchemaFinish implements CRDPostProcessor {
    /** As the API server reads quantities (apimachinery, resource.Quantity). */
    private static final String QUANTITY =
            "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

    /** Lists that are maps: merged by these keys, by server-side apply and by people. */
    private static final Map<String, String> LIST_KEYS = Map.of(
            "conditions", "type",
            "spec.groups", "replicas",
            "spec.maintenance", "node",
            "spec.imagePullSecrets", "name",
            "status.nodes", "name",
            "status.groups", "id",
            "status.groups.members", "nodeId",
            "status.replicas", "nodeId");

    /** What the API server asks for in the types that pods and conditions are made of. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "topologySpreadConstraints", List.of("maxSkew", "topologyKey", "whenUnsatisfiable"),
            "conditions", List.of("lastTransitionTime", "message", "reason", "status", "type"),
            "imagePullSecrets", List.of("name"));

    @Override
    public HasMetadata process(HasMetadata resource, String version) {
        CustomResourceDefinition definition = (CustomResourceDefinition) resource;
        Class<?> type = Moorage.resources().stream()
                .filter(candidate -> candidate
                        .getSimpleName()
                        .equals(definition.getSpec().getNames().getKind()))
                .findFirst()
                .orElseThrow();
        for (CustomResourceDefinitionVersion each : definition.getSpec().getVersions()) {
            JSONSchemaProps root = each.getSchema().getOpenAPIV3Schema();
            root.setDescription(type.getAnnotation(JsonClassDescription.class).value());
            root.setRequired(List.of("spec"));
            root.getProperties().get("spec").setDescription("What should be.");
            root.getProperties().get("status").setDescription("What is, as far as the operator knows.");
            each.setAdditionalPrinterColumns(inOrder(each.getAdditionalPrinterColumns(), type));
            walk("", "", root);
        }
        return definition;
    }

    /** The generator keeps columns in a set. */
    private static List<CustomResourceColumnDefinition> inOrder(
            List<CustomResourceColumnDefinition> columns, Class<?> type) {
        List<String> order = Stream.of(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return columns.stream()
                .sorted(Comparator.comparingInt(column -> order.indexOf(column.getName())))
                .toList();
    }

    private static void walk(String path, String name, JSONSchemaProps schema) {
        finish(path, name, schema);
        if ("object".equals(schema.getType())) {
            KubernetesTexts.describe(name, schema);
        }
        schema.getProperties()
                .forEach((child, property) -> walk(path.isEmpty() ? child : path + "." + child, child, property));
        if (schema.getItems() != null) {
            JSONSchemaProps items = schema.getItems().getSchema();
            if (REQUIRED.containsKey(name)) {
                items.setRequired(REQUIRED.get(name));
            }
            KubernetesTexts.describe(name, items);
            if (name.equals("conditions")) {
                conditions(items);
            }
            walk(path, "", items);
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            walk(path, "", schema.getAdditionalProperties().getSchema());
        }
    }

    private static void finish(String path, String name, JSONSchemaProps schema) {
        // An annotation of a record's component is found on its field and on its accessor.
        schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        if (Boolean.TRUE.equals(schema.getXKubernetesIntOrString())
                && schema.getXKubernetesValidations().isEmpty()) {
            schema.setPattern(QUANTITY);
        }
        if (schema.getDefault() != null && schema.getDefault().isObject()) {
            // The fields of the object bring their own defaults.
            schema.setDefault(JsonNodeFactory.instance.objectNode());
        }
        if ("string".equals(schema.getType()) && path.startsWith("status") && isTime(name)) {
            schema.setFormat("date-time");
        }
        if ("integer".equals(schema.getType()) && name.endsWith("Bytes")) {
            schema.setFormat("int64");
        }
        String key = name.equals("conditions") ? LIST_KEYS.get(name) : LIST_KEYS.get(path);
        if (key != null && "array".equals(schema.getType())) {
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of(key));
        }
    }

    private static boolean isTime(String name) {
        return name.endsWith("Time") || name.endsWith("Since");
    }

    private static void conditions(JSONSchemaProps condition) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        List<JsonNode> states = List.of(json.textNode("True"), json.textNode("False"), json.textNode("Unknown"));
        condition.getProperties().get("status").setEnum(states);
        condition.getProperties().get("reason").setPattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$");
        condition.getProperties().get("message").setMaxLength(32768L);
    }
}
