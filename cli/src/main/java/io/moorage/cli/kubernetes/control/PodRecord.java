package io.moorage.cli.kubernetes.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.moorage.cli.process.WholeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a pod's process, beside its pid file, so that whoever looks after it next knows it too.
 *
 * @param uid of the pod that it was started for
 * @param starts how often it was started for that pod
 * @param started when it was last
 * @param fast how many of the last starts came soon after the one before
 * @param address host:port of what it serves
 */
public record PodRecord(
        String namespace, String pod, String uid, int starts, String started, int fast, String address) {
    private static final String SUFFIX = ".pod";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param directory where the pid files are; empty: the process was never started */
    public static Optional<PodRecord> read(Path directory, String process) throws IOException {
        Path file = directory.resolve(process + SUFFIX);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), PodRecord.class));
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is damaged; delete it: " + e.getOriginalMessage(), e);
        }
    }

    void write(Path directory, String process) throws IOException {
        WholeFile.write(directory.resolve(process + SUFFIX), JSON.writeValueAsString(this) + "\n");
    }

    static void delete(Path directory, String process) throws IOException {
        Files.deleteIfExists(directory.resolve(process + SUFFIX));
    }

    /** Names of processes that there are records of. */
    public static List<String> all(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }
}
