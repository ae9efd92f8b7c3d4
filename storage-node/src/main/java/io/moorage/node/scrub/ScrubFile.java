package io.moorage.node.scrub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.moorage.node.store.kv.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers a scrub's progress in a file. What a crash loses of it is only read again. */
final class ScrubFile {
    private static final Logger LOG = LoggerFactory.getLogger(ScrubFile.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    ScrubFile(Path file) {
        this.file = file;
    }

    /** Empty: there was none yet, or it is not known any more. */
    Optional<ScrubProgress> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            ScrubCursor cursor = json.hasNonNull("group")
                    ? new ScrubCursor(
                            UUID.fromString(json.path("group").asText()),
                            json.hasNonNull("family")
                                    ? Family.valueOf(json.path("family").asText())
                                    : null,
                            HexFormat.of().parseHex(json.path("key").asText()))
                    : null;
            return Optional.of(new ScrubProgress(
                    json.path("due").asLong(),
                    json.path("started").asLong(),
                    json.path("finished").asLong(),
                    json.path("bytes").asLong(),
                    json.path("bad").asLong(),
                    cursor));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be read, and the scrub that it tells of is forgotten: {}", file, e.toString());
            return Optional.empty();
        }
    }

    void write(ScrubProgress progress) throws IOException {
        ObjectNode json = JSON.createObjectNode();
        json.put("due", progress.dueMs())
                .put("started", progress.startedMs())
                .put("finished", progress.finishedMs())
                .put("bytes", progress.bytes())
                .put("bad", progress.bad());
        ScrubCursor cursor = progress.cursor();
        if (cursor != null) {
            json.put("group", cursor.group().toString())
                    .put("key", HexFormat.of().formatHex(cursor.key()));
            if (cursor.family() != null) {
                json.put("family", cursor.family().name());
            }
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, json + "\n");
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
