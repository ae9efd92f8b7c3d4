package io.moorage.cli.commands;

import com.fasterxml.jackson.databind.JsonNode;
import io.moorage.cli.Session;
import io.moorage.cli.Sizes;
import io.moorage.cli.Table;
import io.moorage.cli.rest.ApiClient;
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
        mixinStandardHelpOptions = true,
        description = "Makes, lists, shows, changes and removes volumes.",
        subcommands = {
            VolumeCommands.Create.class,
            VolumeCommands.Ls.class,
            VolumeCommands.Show.class,
            VolumeCommands.Update.class,
            VolumeCommands.Rm.class
        })
public final class VolumeCommands implements Runnable {
    private static final String VOLUMES = "/storage/volumes";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "create, ls, show, set or rm?");
    }

    /** What can be said of a volume. */
    static final class Settings {
        @Option(names = "--quota", paramLabel = "SIZE", description = "the most bytes it may hold; 0 = unlimited")
        private String quota;

        @Option(
                names = "--quota-entries",
                paramLabel = "N",
                description = "the most entries it may hold; 0 = unlimited")
        private Long quotaEntries;

        @Option(names = "--consistency", description = "strong, quorum or eventual")
        private String consistency;

        @Option(names = "--label", paramLabel = "NAME=VALUE", description = "may be repeated")
        private Map<String, String> labels;

        Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            Map<String, Object> quotas = new LinkedHashMap<>();
            if (quota != null) {
                quotas.put("bytes", Sizes.parse(quota));
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
    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a volume.")
    static final class Create implements Callable<Integer> {
        @Mixin
        private Session session;

        @Mixin
        private Settings settings;

        @Parameters(paramLabel = "NAME", description = "lower-case letters, digits and '-'")
        private String name;

        @Option(names = "--replicas", description = "copies: 1, 3, 5 (default: what the cluster has)")
        private Integer replicas;

        @Override
        public Integer call() throws IOException {
            Map<String, Object> body = settings.toJson();
            body.put("name", name);
            if (replicas != null) {
                body.put("replicas", replicas);
            }
            JsonNode volume = session.client().send("POST", VOLUMES, body);
            if (session.json()) {
                session.printJson(volume);
            } else {
                session.say("volume " + name + " has " + volume.get("replicas").asInt()
                        + " replicas; put something in it: " + "moorage put FILE " + name + ":");
            }
            return 0;
        }
    }

    /** Lists volumes. */
    @Command(name = "ls", mixinStandardHelpOptions = true, description = "Lists volumes.")
    static final class Ls implements Callable<Integer> {
        @Mixin
        private Session session;

        @Override
        public Integer call() throws IOException {
            JsonNode volumes = session.client().get(VOLUMES);
            if (session.json()) {
                session.printJson(volumes.get("items"));
                return 0;
            }
            Table table = new Table().row("NAME", "STATUS", "REPLICAS", "ENTRIES", "SIZE", "QUOTA", "CONSISTENCY");
            for (JsonNode volume : volumes.get("items")) {
                long quota = volume.get("quota").get("bytes").asLong();
                table.row(
                        volume.get("name").asText(),
                        volume.get("status").get("phase").asText(),
                        volume.get("replicas").asInt(),
                        volume.get("usage").get("entries").asLong(),
                        Sizes.show(volume.get("usage").get("bytes").asLong()),
                        quota == 0 ? "-" : Sizes.show(quota),
                        volume.get("consistency").asText());
            }
            System.out.print(table);
            return 0;
        }
    }

    /** Shows a volume. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows all that is known of a volume, as JSON.")
    static final class Show implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Override
        public Integer call() throws IOException {
            session.printJson(session.client().get(VOLUMES + "/" + ApiClient.encode(name)));
            return 0;
        }
    }

    /** Changes a volume. */
    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Changes quota, consistency and labels of a volume.")
    static final class Update implements Callable<Integer> {
        @Mixin
        private Session session;

        @Mixin
        private Settings settings;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Override
        public Integer call() throws IOException {
            JsonNode volume = session.client().send("PATCH", VOLUMES + "/" + ApiClient.encode(name), settings.toJson());
            if (session.json()) {
                session.printJson(volume);
            } else {
                session.say("volume " + name + " is changed");
            }
            return 0;
        }
    }

    /** Removes a volume. */
    @Command(name = "rm", mixinStandardHelpOptions = true, description = "Removes a volume.")
    static final class Rm implements Callable<Integer> {
        @Mixin
        private Session session;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Option(names = "--force", description = "also if it holds entries: they are deleted")
        private boolean force;

        @Override
        public Integer call() throws IOException {
            session.client().send("DELETE", VOLUMES + "/" + ApiClient.encode(name) + "?force=" + force, null);
            if (session.json()) {
                session.printJson(Map.of("name", name, "deleted", true));
            } else {
                session.say("volume " + name + " is removed");
            }
            return 0;
        }
    }
}
