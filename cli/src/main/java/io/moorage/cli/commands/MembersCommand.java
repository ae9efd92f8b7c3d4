package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.Table;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the members of a volume's group; its subcommands change them. */
@Command(
        name = "members",
        description =
                "Shows the nodes that replicate a volume: roles, terms, log indexes, and how far each is behind. The"
                        + " subcommands change them by hand, for emergencies: the operator does so by itself, and has to be paused.",
        subcommands = {MemberChanges.Add.class, MemberChanges.Remove.class, MemberChanges.Transfer.class})
public final class MembersCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VOLUME")
    private String volume;

    MembersCommand(Session session) {
        this.session = session;
    }

    String volume() {
        return volume;
    }

    @Override
    public Integer call() throws IOException {
        JsonNode answer = session.client().get("/log/" + Urls.path(volume));
        if (session.json()) {
            session.printJson(answer);
            return ExitCode.DONE.number();
        }
        session.print("volume " + volume + ", group " + answer.path("group").asText() + ", term "
                + answer.path("term").asLong() + ", leader "
                + answer.path("leader").asText("none"));
        Table table = new Table().row("NODE", "ROLE", "TERM", "LAST", "COMMITTED", "APPLIED", "LAG", "ADDRESS");
        for (JsonNode member : answer.path("members")) {
            table.row(
                    member.path("node").asText(),
                    member.path("role").asText(),
                    member.path("term").asLong(),
                    member.path("lastLogIndex").asLong(),
                    member.path("commitIndex").asLong(),
                    member.path("appliedIndex").asLong(),
                    member.path("lag").asLong(),
                    member.path("address").asText()
                            + (member.path("reason").asText().isEmpty()
                                    ? ""
                                    : " (" + member.path("reason").asText() + ")"));
        }
        session.console().out().print(table);
        return ExitCode.DONE.number();
    }
}
