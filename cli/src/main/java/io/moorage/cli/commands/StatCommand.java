package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.files.Listing;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.ApiClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one entry. */
@Command(name = "stat", description = "Shows what is known of a file or directory.")
public final class StatCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VOLUME:PATH")
    private String place;

    StatCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        RemotePath path = RemotePath.parse(place);
        JsonNode entry = find(session.client(), path);
        if (session.json()) {
            session.printJson(entry);
            return ExitCode.DONE.number();
        }
        boolean directory = entry.path("kind").asText().equals("directory");
        Table table = new Table()
                .row("path", path.volume() + ":" + entry.path("key").asText())
                .row("kind", entry.path("kind").asText());
        if (!directory) {
            long size = entry.path("size").asLong();
            table.row("size", size + " bytes" + (size < 1024 ? "" : " (" + Sizes.show(size) + ")"))
                    .row("type", entry.path("contentType").asText());
        }
        if (entry.has("version")) {
            table.row("version", entry.path("version").asText())
                    .row("created", entry.path("createdAt").asText())
                    .row("modified", entry.path("modifiedAt").asText());
        }
        entry.path("digests")
                .fields()
                .forEachRemaining(
                        digest -> table.row(digest.getKey(), digest.getValue().asText()));
        entry.path("metadata")
                .fields()
                .forEachRemaining(item -> table.row(
                        "metadata", item.getKey() + ": " + item.getValue().asText()));
        session.console().out().print(table);
        return ExitCode.DONE.number();
    }

    private static JsonNode find(ApiClient api, RemotePath path) {
        if (path.isVolume()) {
            throw Failure.usage(path + " is a whole volume; see `moorage volume show " + path.volume() + "`");
        }
        return Listing.find(api, path)
                .or(() -> Listing.find(api, path.directory()))
                .orElseGet(() -> {
                    if (!Listing.isDirectory(api, path)) {
                        throw Failure.of(ExitCode.NOT_FOUND, "there is no " + path);
                    }
                    // Never made, but implied by what is in it.
                    return JsonNodeFactory.instance
                            .objectNode()
                            .put("key", path.directory().key())
                            .put("kind", "directory");
                });
    }
}
