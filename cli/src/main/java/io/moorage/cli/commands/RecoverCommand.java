package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Goes on with groups whose majority is lost for good. */
@Command(
        name = "recover",
        description =
                "Goes on with groups whose majority is lost for good, each on the surviving replica with the longest"
                        + " log. What was acknowledged by the lost nodes alone is lost, and they never count again, should they come"
                        + " back. Without --accept-data-loss it only says what it would do. Try to bring the nodes back first.")
public final class RecoverCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "GROUP", arity = "0..*", description = "ids of groups; default: all that have no majority")
    private List<String> groups = new ArrayList<>();

    @Option(
            names = "--lost",
            required = true,
            split = ",",
            paramLabel = "NODE",
            description = "a node that is lost for good: every member that does not answer has to be named")
    private List<String> lost;

    @Option(names = "--accept-data-loss", description = "do it")
    private boolean accept;

    RecoverCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        List<String> names = lost.stream()
                .map(name -> session.namedApi().isPresent() ? name : LocalCluster.fullName(name))
                .toList();
        List<String> affected = groups.isEmpty() ? withoutMajority() : groups;
        if (affected.isEmpty()) {
            session.say("every group has a majority: there is nothing to recover");
            return ExitCode.DONE.number();
        }
        List<JsonNode> answers = new ArrayList<>();
        // All are looked at before anything is done to one.
        for (String group : affected) {
            answers.add(ask(group, names, false));
        }
        if (accept) {
            answers.clear();
            for (String group : affected) {
                answers.add(ask(group, names, true));
            }
        }
        if (session.json()) {
            session.printJson(Map.of("items", answers));
        } else {
            answers.forEach(this::tell);
        }
        if (!accept) {
            throw Failure.of(
                    ExitCode.CONFLICT,
                    "nothing was done: repeat it with --accept-data-loss if these nodes are lost for good");
        }
        return ExitCode.DONE.number();
    }

    private List<String> withoutMajority() throws IOException {
        List<String> ids = new ArrayList<>();
        for (JsonNode group : session.client().get("/storage/groups").path("items")) {
            if (!group.path("majority").asBoolean()) {
                ids.add(group.path("id").asText());
            }
        }
        return ids;
    }

    private JsonNode ask(String group, List<String> names, boolean acceptDataLoss) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("lost", names);
        body.put("acceptDataLoss", acceptDataLoss);
        return session.client()
                .send(ApiRequest.of("POST", "/storage/groups/" + Urls.path(group) + "/recovery")
                        .json(body)
                        .once());
    }

    private void tell(JsonNode plan) {
        String group = "group " + plan.path("group").asText() + " ("
                + plan.path("volumes").asLong() + " volumes)";
        session.print(
                plan.hasNonNull("recoveredAs")
                        ? group + " goes on as " + plan.path("recoveredAs").asText() + " on "
                                + plan.path("survivor").asText()
                        : group + " would go on on " + plan.path("survivor").asText());
        plan.path("losses").forEach(loss -> session.print("  - " + loss.asText()));
    }
}
