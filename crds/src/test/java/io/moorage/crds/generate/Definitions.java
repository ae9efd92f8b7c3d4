package io.moorage.crds.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CustomResourceInfo;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Makes the custom resource definitions from the types. */
final class Definitions {
    private static final String HEADER =
            "# Generated from the types in crds/src/main/java. Do not edit: " + Generated.REFRESH + "\n";

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    private Definitions() {}

    /** @return YAML by file name */
    static Map<String, String> generate() {
        Output output = new Output();
        CRDGenerator generator = new CRDGenerator()
                .withParallelGenerationEnabled(false)
                .withPostProcessor(new SchemaFinish())
                .withOutput(output);
        Moorage.resources().forEach(type -> generator.customResources(CustomResourceInfo.fromClass(type)));
        generator.generate();
        Map<String, String> files = new TreeMap<>();
        output.streams.forEach((name, stream) ->
                files.put(name.replace("-v1", "") + ".yaml", HEADER + plain(stream.toString(StandardCharsets.UTF_8))));
        return files;
    }

    /** The generator quotes every string or, asked for fewer quotes, writes "True" as a truth value. */
    private static String plain(String yaml) {
        try {
            return YAML.writeValueAsString(wholeNumbers(YAML.readTree(yaml)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bounds of integers come as 7.0. */
    private static JsonNode wholeNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(wholeNumbers(field.getValue())));
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, wholeNumbers(array.get(i)));
            }
        } else if (node.isDouble() && node.canConvertToLong()) {
            return LongNode.valueOf(node.longValue());
        }
        return node;
    }

    private static final class Output implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        private final Map<String, ByteArrayOutputStream> streams = new TreeMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String crdName) {
            return streams.computeIfAbsent(crdName, name -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String crdName) {
            return URI.create("file:///" + crdName);
        }

        @Override
        public void close() throws IOException {}
    }
}
