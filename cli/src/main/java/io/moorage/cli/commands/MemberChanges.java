package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Session;
import io.moorage.cli.cluster.LocalCluster;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Changes of the members of a volume's group by hand, one at a time. */
final class MemberChanges {
    private static final String WAIT = "wait=50s";

    private MemberChanges() {}

    /** What the changes have in common. */
    abstract static class Change implements Callable<Integer> {
        private final Session session;

        @ParentCommand
        private MembersCommand members;

        @Parameters(paramLabel = "NODE", description = "name of a storage node, or its id (NAME.INCARNATION)")
        private String node;

        Change(Session session) {
            this.session = session;
        }

        /** @param group path of the volume's group @param node as the API knows it */
        abstract ApiRequest request(String group, String node);

        abstract String done(String node);

        @Override
        public Integer call() throws IOException {
            String group = session.client()
                    .get("/log/" + Urls.path(members.volume()))
                    .path("group")
                    .asText();
            String full = session.namedApi().isPresent() ? node : LocalCluster.fullName(node);
            JsonNode answer = session.client()
                    .send(request("/storage/groups/" + Urls.path(group), full).once());
            if (session.json()) {
                session.printJson(answer);
            } else {
                session.say(full + " " + done(members.volume()) + "; see `moorage members " + members.volume() + "`");
            }
            return ExitCode.DONE.number();
        }
    }

    /** One more. */
    @Command(
            name = "add",
            description = "Adds a storage node: it copies the group first, and counts when it has caught up.")
    static final class Add extends Change {
        @Option(
                names = "--force",
                description = "also while other members are down or have not everything, and without knowing that the"
                        + " operator is paused; never without a majority that keeps up")
        private boolean force;

        Add(Session session) {
            super(session);
        }

        @Override
        ApiRequest request(String group, String node) {
            return ApiRequest.of("POST", group + "/members?" + WAIT + "&force=" + force)
                    .json(Map.of("node", node));
        }

        @Override
        String done(String volume) {
            return "replicates volume " + volume + ", or will when it has caught up";
        }
    }

    /** One less. */
    @Command(
            name = "remove",
            description =
                    "Takes a storage node out, dead or alive; refused unless a healthy majority stays. Its copy is"
                            + " deleted when the operator goes on.")
    static final class Remove extends Change {
        @Option(names = "--force", description = "also without knowing that the operator is paused")
        private boolean force;

        Remove(Session session) {
            super(session);
        }

        @Override
        ApiRequest request(String group, String node) {
            return ApiRequest.of("DELETE", group + "/members/" + Urls.path(node) + "?" + WAIT + "&force=" + force);
        }

        @Override
        String done(String volume) {
            return "does not replicate volume " + volume + " any more";
        }
    }

    /** Another leader. */
    @Command(name = "transfer", description = "Hands leadership to a member that keeps up.")
    static final class Transfer extends Change {
        Transfer(Session session) {
            super(session);
        }

        @Override
        ApiRequest request(String group, String node) {
            return ApiRequest.of("POST", group + "/leader?" + WAIT).json(Map.of("node", node));
        }

        @Override
        String done(String volume) {
            return "leads the group of volume " + volume
                    + ", until the operator evens leaders out again (pause it to keep this)";
        }
    }
}
