package io.moorage.cli.kv;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.files.RemotePath;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows changes. */
@Command(
        name = "watch",
        description = "Prints the changes of a volume as they come, files and keys: id, kind, key, value.")
final class KvWatchCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VOLUME[:PREFIX]")
    private String place;

    @Option(
            names = "--since",
            paramLabel = "POSITION",
            defaultValue = "now",
            description =
                    "now, oldest, a version, or the id of the last change that was seen (default: ${DEFAULT-VALUE})")
    private String since;

    @Option(names = "--count", paramLabel = "N", description = "end after so many changes")
    private long count = Long.MAX_VALUE;

    KvWatchCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        RemotePath prefix = RemotePath.parse(place.contains(":") ? place : place + ":");
        String position = since;
        long left = count;
        while (left > 0) {
            JsonNode page = session.client()
                    .get("/changes/" + Urls.path(prefix.volume()) + "?since=" + Urls.query(position) + "&prefix="
                            + Urls.query(prefix.key()) + "&wait=20s&limit=" + Math.min(left, 500));
            for (JsonNode change : page.path("items")) {
                session.print(session.json() ? change.toString() : line(change));
                left--;
            }
            session.console().bytes().flush();
            position = page.path("next").asText();
        }
        return ExitCode.DONE.number();
    }

    private static String line(JsonNode change) {
        return change.path("id").asText() + "\t" + change.path("kind").asText() + "\t"
                + change.path("key").asText()
                + (change.has("otherKey") ? "\t" + change.path("otherKey").asText() : "")
                + (change.has("value") || change.has("valueBase64") ? "\t" + KvInput.line(change) : "");
    }
}
