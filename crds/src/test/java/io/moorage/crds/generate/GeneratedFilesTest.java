package io.moorage.crds.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files that are generated from the types are committed, and are what the types say. */
class GeneratedFilesTest {
    @Test
    void definitionsAreInStep() throws IOException {
        check(Generated.DEFINITIONS, ".yaml", Definitions.generate());
    }

    @Test
    void referencePagesAreInStep() throws IOException {
        check(Generated.REFERENCE, ".md", ReferencePages.generate(Definitions.generate()));
    }

    private static void check(Path directory, String suffix, Map<String, String> expected) throws IOException {
        if (Boolean.getBoolean(Generated.PROPERTY)) {
            write(directory, suffix, expected);
        }
        Map<String, String> committed = new TreeMap<>();
        for (Path file : files(directory, suffix)) {
            committed.put(file.getFileName().toString(), Files.readString(file));
        }
        assertThat(committed.keySet())
                .as("files in %s are not those of the types; run %s", directory, Generated.REFRESH)
                .isEqualTo(expected.keySet());
        expected.forEach((name, text) -> assertThat(committed.get(name))
                .as("%s is out of step with the types; run %s", directory.resolve(name), Generated.REFRESH)
                .isEqualTo(text));
    }

    private static void write(Path directory, String suffix, Map<String, String> files) throws IOException {
        Files.createDirectories(directory);
        for (Path old : files(directory, suffix)) {
            Files.delete(old);
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
