package io.moorage.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.moorage.crds.v1alpha1.Moorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart as far as it can be checked without Helm; {@link HelmTest} does the rest. */
class ChartTest {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    static final Path CHART = ROOT.resolve("charts/moorage");
    private static final YAMLMapper YAML = new YAMLMapper();

    /**
     * Values that are refused.
     *
     * @param field JSON pointer of the refused value
     * @param message part of the reason
     */
    record Bad(Path file, String field, String message) {
        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }

    static Stream<Path> good() {
        return Stream.concat(
                Stream.of(CHART.resolve("values.yaml"), CHART.resolve("values-minikube.yaml")),
                list(CHART.resolve("ci")));
    }

    static Stream<Bad> bad() {
        return list(Path.of("src/test/resources/values/bad").toAbsolutePath())
                .map(file -> new Bad(file, comment(file, "field"), comment(file, "message")));
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodValuesAreAccepted(Path file) {
        assertThat(problems(file)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badValuesAreRefusedByTheirField(Bad bad) {
        assertThat(problems(bad.file()))
                .anyMatch(error -> pointer(error).equals(bad.field()) && says(error, bad.message()));
    }

    @Test
    void everyValueHasADescription() throws IOException {
        JsonNode schema = YAML.readTree(CHART.resolve("values.schema.json").toFile());
        assertThat(schema.path("properties").properties().stream().flatMap(ChartTest::withoutDescription))
                .isEmpty();
    }

    @Test
    void theChartHasTheProjectsVersion() throws IOException {
        JsonNode chart = YAML.readTree(CHART.resolve("Chart.yaml").toFile());
        String pom = Files.readString(ROOT.resolve("pom.xml"));
        String version = pom.substring(pom.indexOf("<version>") + "<version>".length(), pom.indexOf("</version>"));
        assertThat(chart.path("version").asText()).isEqualTo(version);
        assertThat(chart.path("appVersion").asText()).isEqualTo(version);
    }

    @Test
    void everyDefinitionIsKnownToTheHookAndToKustomize() throws IOException {
        String hook = Files.readString(CHART.resolve("templates/_helpers.tpl"));
        JsonNode kustomization =
                YAML.readTree(CHART.resolve("crds/Kustomization").toFile());
        List<String> names = Moorage.resources().stream()
                .map(HasMetadata::getFullResourceName)
                .toList();
        assertThat(names).allMatch(name -> hook.contains("- " + name));
        assertThat(kustomization.path("resources"))
                .map(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(
                        names.stream().map(name -> name + ".yaml").toList());
    }

    private static Stream<String> withoutDescription(Map.Entry<String, JsonNode> property) {
        return Stream.concat(
                property.getValue().has("description") ? Stream.empty() : Stream.of(property.getKey()),
                property.getValue().path("properties").properties().stream()
                        .flatMap(ChartTest::withoutDescription)
                        .map(name -> property.getKey() + "." + name));
    }

    private static List<Error> problems(Path values) {
        try {
            Schema schema = SchemaRegistry.withDefaultDialect(Dialects.getDraft7())
                    .getSchema(YAML.readTree(CHART.resolve("values.schema.json").toFile()));
            return schema.validate(YAML.readTree(values.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pointer(Error error) {
        String pointer = error.getInstanceLocation().toString();
        return pointer.isEmpty() ? "/" : pointer;
    }

    private static boolean says(Error error, String message) {
        return (error.getKeyword() + " " + error.getMessage()).contains(message);
    }

    static String comment(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            String prefix = "# " + name + ": ";
            return lines.filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(file + " has no comment '" + prefix + "'"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
