package io.moorage.crds.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The table of good and bad resources, and the examples of the documentation. */
final class Specs {
    /** Who refuses a bad resource. */
    enum By {
        SCHEMA,
        CEL,
        /** A rule about a change: the first document is accepted, the second is not. */
        UPDATE
    }

    /**
     * @param field path of the refused field
     * @param message part of what the API server says
     */
    record Bad(String name, By by, String field, String message, List<JsonNode> documents) {
        String kind() {
            return documents.get(0).path("kind").asText();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    record Good(String name, JsonNode document) {
        @Override
        public String toString() {
            return name + " " + document.path("metadata").path("name").asText();
        }
    }

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path TABLE = Path.of("src/test/resources/specs");
    private static final Path EXAMPLES = Path.of("../deploy/examples");

    private Specs() {}

    static List<Bad> bad() {
        return files(TABLE.resolve("bad")).stream().map(Specs::bad).toList();
    }

    static List<Good> good() {
        return Stream.concat(files(TABLE.resolve("good")).stream(), files(EXAMPLES).stream())
                .flatMap(file -> documents(file).stream().map(document -> new Good(name(file), document)))
                .toList();
    }

    private static Bad bad(Path file) {
        return new Bad(
                name(file),
                By.valueOf(comment(file, "refused by").toUpperCase(java.util.Locale.ROOT)),
                comment(file, "field"),
                comment(file, "message"),
                documents(file));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static String comment(Path file, String name) {
        String start = "# " + name + ": ";
        return read(file)
                .lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(file + " has no line '" + start + "'"));
    }

    private static List<JsonNode> documents(Path file) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(read(file))) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
