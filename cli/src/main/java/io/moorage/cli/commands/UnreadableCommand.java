package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Names what was lost. */
@Command(
        name = "unreadable",
        description =
                "Lists files with bytes that no replica has a good copy of, for example after a majority was lost. It looks at all"
                        + " files; of the bytes it asks only whether they are there and were not found bad.")
final class UnreadableCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME")
    private String name;

    UnreadableCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        List<JsonNode> files = new ArrayList<>();
        Set<String> silent = new TreeSet<>();
        JsonNode page;
        String after = "";
        do {
            page = session.client().get(VolumeCommands.path(name) + "/unreadable?startAfter=" + Urls.query(after));
            page.path("items").forEach(files::add);
            page.path("silent").forEach(node -> silent.add(node.asText()));
            after = page.path("next").asText();
        } while (page.path("truncated").asBoolean());
        if (session.json()) {
            session.printJson(Map.of("items", files, "silent", silent));
            return ExitCode.DONE.number();
        }
        if (!files.isEmpty()) {
            Table table = new Table().row("LOST", "SIZE", "KEY");
            files.forEach(file -> table.row(
                    Sizes.show(file.path("lostBytes").asLong()),
                    Sizes.show(file.path("size").asLong()),
                    file.path("key").asText()));
            session.console().out().print(table);
        }
        session.say(Sizes.count(files.size(), "file", "files") + " of volume " + name + " cannot be read");
        if (!silent.isEmpty()) {
            session.say("that is without what these have, which did not answer: " + String.join(", ", silent));
        }
        return ExitCode.DONE.number();
    }
}
