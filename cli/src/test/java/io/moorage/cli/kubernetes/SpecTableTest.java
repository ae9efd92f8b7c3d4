package io.moorage.cli.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.moorage.cli.kubernetes.schema.ResourceType;
import io.moorage.cli.kubernetes.server.StatusException;
import io.moorage.cli.kubernetes.server.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of good and bad resources, which real API servers pass too ({@code deploy/check-specs.sh}). */
class SpecTableTest {
    private static final Path TABLE = Path.of("../crds/src/test/resources/specs");
    private static final Write WRITE = new Write("test", "", false, Write.UnknownFields.STRICT, false);

    @TempDir
    static Path directory;

    private static TestKubernetes kubernetes;

    @BeforeAll
    static void start() throws IOException {
        kubernetes = new TestKubernetes(directory);
    }

    @AfterAll
    static void stop() throws IOException {
        kubernetes.close();
    }

    @BeforeEach
    void empty() {
        List.copyOf(kubernetes.store.all().keySet()).stream()
                .filter(key -> key.resource().endsWith("moorage.io"))
                .forEach(kubernetes.store::remove);
    }

    static Stream<Path> good() throws IOException {
        return Stream.concat(Files.list(TABLE.resolve("good")), Files.list(Path.of("../deploy/examples")));
    }

    static Stream<Path> bad() throws IOException {
        return Files.list(TABLE.resolve("bad"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void goodIsTaken(Path file) throws IOException {
        documents(file).forEach(SpecTableTest::write);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void badIsRefusedAndTheFieldNamed(Path file) throws IOException {
        List<JsonNode> documents = documents(file);
        documents.subList(0, documents.size() - 1).forEach(SpecTableTest::write);
        StatusException refused =
                catchThrowableOfType(StatusException.class, () -> write(documents.get(documents.size() - 1)));
        assertThat(refused).as("%s", file).isNotNull();
        assertThat(refused.code()).isEqualTo(422);
        assertThat(refused).hasMessageContaining(comment(file, "field"));
    }

    private static void write(JsonNode document) {
        ResourceType type = kubernetes
                .resources
                .catalog()
                .ofKind(
                        document.path("apiVersion").asText(),
                        document.path("kind").asText())
                .orElseThrow();
        ObjectNode body = document.deepCopy();
        String name = body.at("/metadata/name").asText();
        if (kubernetes.resources.find(type.plural(), "default", name).isPresent()) {
            kubernetes.resources.update(type, "default", name, body, WRITE);
        } else {
            kubernetes.resources.create(type, "default", body, WRITE);
        }
    }

    private static List<JsonNode> documents(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents =
                new YAMLMapper().readerFor(JsonNode.class).readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    private static String comment(Path file, String name) throws IOException {
        String start = "# " + name + ": ";
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow();
    }
}
