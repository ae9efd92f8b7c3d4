package io.moorage.cli.commands;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a directory. */
@Command(name = "ls", description = "Lists a directory of a volume, or all volumes.")
public final class LsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "VOLUME[:PATH]", description = "default: the names of all volumes")
    private String place;

    @Option(names = "-l", description = "with sizes and times")
    private boolean details;

    @Option(names = "-R", description = "with all that is below")
    private boolean recursive;

    LsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (place == null) {
            listVolumes();
            return ExitCode.DONE.number();
        }
        RemotePath path = RemotePath.parseDirectory(place);
        ApiClient api = session.client();
        if (session.json()) {
            try (JsonGenerator json = session.jsonStream()) {
                json.writeStartArray();
                list(api, path, json::writePOJO);
                json.writeEndArray();
            }
            session.print("");
        } else {
            int cut = recursive ? 0 : path.directory().key().length();
            list(api, path, entry -> {
                String key = entry.path("key").asText();
                show(entry, key.length() > cut ? key.substring(cut) : key);
            });
        }
        return ExitCode.DONE.number();
    }

    private void listVolumes() throws IOException {
        JsonNode volumes = session.client().get("/storage/volumes").path("items");
        if (session.json()) {
            session.printJson(volumes);
            return;
        }
        volumes.forEach(volume -> session.print(volume.path("name").asText() + ":"));
        if (volumes.isEmpty()) {
            session.say("No volumes yet: moorage" + session.dataOption() + " volume create NAME");
        }
    }

    private void list(ApiClient api, RemotePath path, Listing.Visitor visitor) throws IOException {
        Optional<JsonNode> file = path.isDirectory() ? Optional.empty() : Listing.find(api, path);
        if (file.isPresent()) {
            visitor.visit(file.get());
            return;
        }
        long[] found = {0};
        Listing.forEach(api, path, recursive, entry -> {
            found[0]++;
            // The directory itself, if it was made, is no part of what is in it.
            if (!entry.path("key").asText().equals(path.directory().key())) {
                visitor.visit(entry);
            }
        });
        if (found[0] == 0 && !path.isVolume()) {
            throw Failure.of(ExitCode.NOT_FOUND, "there is no " + path);
        }
    }

    private void show(JsonNode entry, String name) {
        if (!details) {
            session.print(name);
            return;
        }
        boolean directory = entry.path("kind").asText().equals("directory");
        String modified = entry.path("modifiedAt").asText("");
        session.print(String.format(
                "%10s  %-19s  %s",
                directory ? "-" : Sizes.show(entry.path("size").asLong()),
                modified.isEmpty() ? "-" : TIME.format(Instant.parse(modified)),
                name));
    }
}
