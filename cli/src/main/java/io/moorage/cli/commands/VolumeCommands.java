package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.ExitCode;
import io.moorage.cli.Failure;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.rest.Answer;
import io.moorage.cli.rest.ApiRequest;
import io.moorage.cli.rest.Urls;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Volumes. */
@Command(
        name = "volume",
        description = "Makes, lists, shows, changes, checks and removes volumes.",
        subcommands = {
            VolumeCommands.Create.class,
            VolumeCommands.Ls.class,
            VolumeCommands.Show.class,
            VolumeCommands.Update.class,
            UnreadableCommand.class,
            VolumeCommands.Rm.class
        })
public final class VolumeCommands implements Runnable {
    private static final String VOLUMES = "/storage/volumes";
    private static final int ACCEPTED = 202;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "which one: create, ls, show, set, unreadable or rm?");
    }

    static String path(String name) {
        return VOLUMES + "/" + Urls.path(name);
    }

    /** What can be said of a volume. */
    static final class Settings {
        @Option(
                names = "--quota",
                paramLabel = "SIZE",
                description = "the most bytes it may hold, for example 10GiB; 0 = unlimited")
        private String quota;

        @Option(
                names = "--quota-entries",
                paramLabel = "N",
                description = "the most entries it may hold; 0 = unlimited")
        private Long quotaEntries;

        @Option(names = "--consistency", paramLabel = "LEVEL", description = "strong, quorum or eventual")
        private String consistency;

        @Option(names = "--label", paramLabel = "NAME=VALUE", description = "may be repeated")
        private Map<String, String> labels;

        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            Map<String, Object> quotas = new LinkedHashMap<>();
            if (quota != null) {
                quotas.put("bytes", Sizes.parse("--quota", quota));
            }
            if (quotaEntries != null) {
                quotas.put("entries", quotaEntries);
            }
            if (!quotas.isEmpty()) {
                json.put("quota", quotas);
            }
            if (consistency != null) {
                json.put("consistency", consistency);
            }
            if (labels != null) {
                json.put("labels", labels);
            }
            return json;
        }
    }

    /** Makes a volume. */
    @Command(name = "create", description = "Makes a volume. An equal one that is there already is fine.")
    static final class Create implements Callable<Integer> {
        private final Session session;

        @Mixin
        private Settings settings;

        @Parameters(paramLabel = "NAME", description = "lower-case letters, digits and '-'")
        private String name;

        @Option(
                names = "--replicas",
                paramLabel = "N",
                description = "copies: 1, 3, 5 (default: 3, or 1 in a cluster of fewer nodes)")
        private Integer replicas;

        Create(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            if (replicas != null) {
                body.put("replicas", replicas);
            }
            body.putAll(settings.toJson());
            Answer<JsonNode> answer =
                    session.client().exchange(ApiRequest.of("POST", VOLUMES).json(body));
            JsonNode volume = answer.body();
            if (session.json()) {
                session.printJson(volume);
            } else if (answer.status() == ACCEPTED) {
                session.say("volume " + name + " is still being made: " + reason(volume) + watch(session, name));
            } else {
                session.say("volume " + name + " has "
                        + Sizes.count(volume.path("replicas").asLong(), "replica", "replicas")
                        + "; put something in it: moorage" + session.dataOption() + " put FILE " + name + ":");
            }
            return (answer.status() == ACCEPTED ? ExitCode.UNAVAILABLE : ExitCode.DONE).number();
        }
    }

    /** Lists volumes. */
    @Command(name = "ls", description = "Lists volumes.")
    static final class Ls implements Callable<Integer> {
        private final Session session;

        Ls(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            JsonNode volumes = session.client().get(VOLUMES).path("items");
            if (session.json()) {
                session.printJson(volumes);
                return ExitCode.DONE.number();
            }
            Table table = new Table().row("NAME", "STATUS", "REPLICAS", "ENTRIES", "SIZE", "QUOTA", "CONSISTENCY");
            for (JsonNode volume : volumes) {
                table.row(
                        volume.path("name").asText(),
                        volume.path("status").path("phase").asText(),
                        volume.path("replicas").asInt(),
                        volume.path("usage").path("entries").asLong(),
                        Sizes.show(volume.path("usage").path("bytes").asLong()),
                        quota(volume.path("quota")),
                        volume.path("consistency").asText());
            }
            session.console().out().print(table);
            if (volumes.isEmpty()) {
                session.say("No volumes yet: moorage" + session.dataOption() + " volume create NAME");
            }
            return ExitCode.DONE.number();
        }
    }

    private static String reason(JsonNode volume) {
        return volume.path("status").path("reason").asText();
    }

    private static String watch(Session session, String name) {
        return "; look again: moorage" + session.dataOption() + " volume show " + name;
    }

    private static String quota(JsonNode quota) {
        long bytes = quota.path("bytes").asLong();
        long entries = quota.path("entries").asLong();
        if (bytes == 0 && entries == 0) {
            return "-";
        }
        return (bytes == 0 ? "" : Sizes.show(bytes))
                + (bytes != 0 && entries != 0 ? ", " : "")
                + (entries == 0 ? "" : Sizes.count(entries, "entry", "entries"));
    }

    /** Shows a volume. */
    @Command(name = "show", description = "Shows all that is known of a volume.")
    static final class Show implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME")
        private String name;

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            JsonNode volume = session.client().get(path(name));
            if (session.json()) {
                session.printJson(volume);
                return ExitCode.DONE.number();
            }
            JsonNode usage = volume.path("usage");
            JsonNode status = volume.path("status");
            Table table = new Table()
                    .row("name", volume.path("name").asText())
                    .row(
                            "status",
                            status.path("phase").asText()
                                    + (status.path("reason").asText().isEmpty()
                                            ? ""
                                            : ": " + status.path("reason").asText()))
                    .row("entries", usage.path("entries").asLong())
                    .row("size", Sizes.show(usage.path("bytes").asLong()))
                    .row("stored", Sizes.show(usage.path("storedBytes").asLong()) + " on each replica")
                    .row("quota", quota(volume.path("quota")))
                    .row("consistency", volume.path("consistency").asText())
                    .row("created", volume.path("createdAt").asText())
                    .row("group", volume.path("group").asText());
            volume.path("labels")
                    .fields()
                    .forEachRemaining(label -> table.row(
                            "label", label.getKey() + "=" + label.getValue().asText()));
            status.path("replicas").forEach(replica -> table.row("replica", StatusCommand.replica(replica)));
            session.console().out().print(table);
            return ExitCode.DONE.number();
        }
    }

    /** Changes a volume. */
    @Command(
            name = "set",
            description = "Changes quota, consistency and labels of a volume. Labels replace those it has.")
    static final class Update implements Callable<Integer> {
        private final Session session;

        @Mixin
        private Settings settings;

        @Parameters(paramLabel = "NAME")
        private String name;

        Update(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            Map<String, Object> changes = settings.toJson();
            if (changes.isEmpty()) {
                throw Failure.usage("set what? Give --quota, --quota-entries, --consistency or --label");
            }
            Answer<JsonNode> answer =
                    session.client().exchange(ApiRequest.of("PATCH", path(name)).json(changes));
            if (session.json()) {
                session.printJson(answer.body());
            } else if (answer.status() == ACCEPTED) {
                session.say("the change of volume " + name + " is written down, and not in effect yet"
                        + watch(session, name));
            } else {
                session.say("volume " + name + " is changed");
            }
            return ExitCode.DONE.number();
        }
    }

    /** Removes a volume. */
    @Command(name = "rm", description = "Removes a volume.")
    static final class Rm implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Option(names = "--force", description = "also if it holds entries: they are deleted")
        private boolean force;

        Rm(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws IOException {
            JsonNode left;
            try {
                left = session.client().delete(ApiRequest.of("DELETE", path(name) + "?force=" + force));
            } catch (Failure e) {
                throw e.problem().equals("not-empty")
                        ? e.explained(e.getMessage() + "; --force removes the volume with all that is in it")
                        : e;
            }
            if (session.json()) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("name", name);
                json.put("removed", !left.isObject());
                session.printJson(json);
            } else if (left.isObject()) {
                session.say("volume " + name + " is still being removed: " + reason(left) + watch(session, name));
            } else {
                session.say("volume " + name + " is removed");
            }
            return ExitCode.DONE.number();
        }
    }
}
